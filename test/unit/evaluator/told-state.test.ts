// What a process is told: all that it does not know yet, and nothing that it does.
import { deepStrictEqual } from 'node:assert/strict';
import { ToldState } from '../../../server/src/evaluator/told-state';
import { settings } from '../../kit/live';

describe('what the evaluator is told', () => {
  it('are settings where they are others than before, since they end what it has evaluated', () => {
    const told = new ToldState();
    const methods = (): string[] => told.take().map(({ method }) => method);
    told.configure(settings);
    deepStrictEqual(methods(), ['configure']);
    told.configure({ ...settings, folders: [...settings.folders] });
    deepStrictEqual(methods(), []);
    told.configure({ ...settings, folders: [...settings.folders, '/other'] });
    told.configure({ ...settings, folders: [...settings.folders, '/other'] });
    deepStrictEqual(methods(), ['configure']);
    told.forgetTold();
    deepStrictEqual(methods(), ['configure']);
  });
});
