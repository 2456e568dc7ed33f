// --dump-drv: the texts of derivations, which hash to their paths.
import assert from 'node:assert/strict';
import { hashBytes } from '../../../server/src/store/hash';
import { makeContentPath } from '../../../server/src/store/store-path';
import { run } from './run';

const derivation = (name: string, more = ''): string =>
  `derivation { name = "${name}"; system = "s"; builder = "b"; ${more} }`;

describe('nixray instantiate --dump-drv', () => {
  it('prints the text of a derivation to the byte', () => {
    const program = derivation('n', 'args = [ "a\\nb" ]; text = "é\\"";');
    const { code, out, err } = run(['instantiate', '--dump-drv', '-E', program]);
    assert.deepEqual([code, err], [0, '']);
    assert.match(
      out,
      /^Derive\(\[\("out","\/nix\/store\/[a-z0-9]{32}-n","",""\)\],\[\],\[\],"s","b",\["a\\nb"\],\[.*\("text","é\\""\)\]\)$/,
    );
    const path = makeContentPath('n.drv', 'text', hashBytes('sha256', Buffer.from(out).toString('latin1')));
    assert.equal(run(['instantiate', '-E', program]).out, `${path}\n`);
  });

  it('prints each of several once, with a new line between them', () => {
    const { out } = run([
      'instantiate',
      '--dump-drv',
      '-E',
      `[ (${derivation('a')}) (${derivation('b')}) (${derivation('a')}) ]`,
    ]);
    const texts = out.split('\n');
    assert.equal(texts.length, 2);
    assert.match(texts[0]!, /^Derive\(.*-a",.*\)$/);
    assert.match(texts[1]!, /^Derive\(.*-b",.*\)$/);
  });

  it('works beside --eval and with attribute paths', () => {
    const program = `{ a = ${derivation('a')}; }`;
    const wanted = run(['instantiate', '--dump-drv', '-E', derivation('a')]).out;
    assert.equal(run(['eval', '--dump-drv', '-E', program, '-A', 'a']).out, wanted);
    assert.equal(run(['instantiate', '--dump-drv', '-E', program, '-A', 'a', '-A', 'a']).out, wanted);
  });

  it('says what is no derivation', () => {
    const { code, out, err } = run(['instantiate', '--dump-drv', '-E', '1']);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /^error: expression does not evaluate to a derivation/);
  });
});
