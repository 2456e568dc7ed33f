// What a process is told: all that it does not know yet, and nothing that it does.
import { deepStrictEqual } from 'node:assert/strict';
import { ToldState } from '../../../server/src/evaluator/told-state';
import { settings } from '../../kit/live';

describe('what the evaluator is told', () => {
  it('are settings where they are others than before, since they end what it has evaluated', () => {
    const told = new ToldState();
    const kinds = (): string[] => told.take().map(({ kind }) => kind);
    told.configure(settings);
    deepStrictEqual(kinds(), ['configure']);
    told.configure({ ...settings, folders: [...settings.folders] });
    deepStrictEqual(kinds(), []);
    told.configure({ ...settings, folders: [...settings.folders, '/other'] });
    told.configure({ ...settings, folders: [...settings.folders, '/other'] });
    deepStrictEqual(kinds(), ['configure']);
    told.forgetTold();
    deepStrictEqual(kinds(), ['configure']);
  });
});
