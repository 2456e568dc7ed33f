// The builtins of Nix 2.36, by name, beside those of the registry.
import assert from 'node:assert/strict';
import { builtinRecords, constantRecords, createGlobals } from '../../../server/src/builtins/registry';
import { createWorld } from './support';

const functions =
  "abort add addDrvOutputDependencies addErrorContext all any appendContext attrNames attrValues baseNameOf bitAnd bitOr bitXor break catAttrs ceil compareVersions concatLists concatMap concatStringsSep convertHash deepSeq derivationStrict dirOf div elem elemAt fetchGit fetchMercurial fetchTarball fetchurl filter filterSource findFile floor foldl' fromJSON fromTOML functionArgs genList genericClosure getAttr getContext getEnv groupBy hasAttr hasContext hashFile hashString head import intersectAttrs isAttrs isBool isFloat isFunction isInt isList isNull isPath isString length lessThan listToAttrs map mapAttrs match mul parseDrvName partition path pathExists placeholder readDir readFile readFileType removeAttrs replaceStrings scopedImport seq sort split splitVersion storePath stringLength sub substring tail throw toFile toJSON toPath toString toXML trace traceVerbose tryEval typeOf unsafeDiscardOutputDependency unsafeDiscardStringContext unsafeGetAttrPos warn zipAttrsWith".split(
    ' ',
  );

const experimental: Readonly<Record<string, string>> = {
  fetchClosure: 'fetch-closure',
  fetchTree: 'fetch-tree',
  flakeRefToString: 'flakes',
  getFlake: 'flakes',
  outputOf: 'dynamic-derivations',
  parseFlakeRef: 'flakes',
};

/** Those in the global scope under their own names. */
const global =
  'abort baseNameOf break derivationStrict dirOf fetchGit fetchMercurial fetchTarball fetchTree fromTOML import isNull map placeholder removeAttrs scopedImport throw toString'.split(
    ' ',
  );

const constants = 'currentSystem currentTime derivation langVersion nixPath nixVersion storeDir'.split(' ');

describe('the registry', () => {
  it('has every builtin of Nix 2.36 and no other', () => {
    const known = builtinRecords.map((record) => record.name).sort();
    assert.deepEqual(known, [...functions, ...Object.keys(experimental)].sort());
  });

  it('knows which need an experimental feature', () => {
    const needed = builtinRecords.flatMap(({ name, feature }) =>
      feature === undefined ? [] : [[name, feature]],
    );
    assert.deepEqual(Object.fromEntries(needed), experimental);
  });

  it('knows which have their own name in the global scope', () => {
    const known = builtinRecords.filter((record) => record.global).map((record) => record.name);
    assert.deepEqual(known.sort(), global);
  });

  it('has every constant', () => {
    assert.deepEqual(constantRecords.map((record) => record.name).sort(), constants);
  });

  it('names in the global scope what is in the set', () => {
    const { vm } = createWorld().evaluator;
    const { builtins, names } = createGlobals(vm);
    for (const [name, value] of names) {
      if (name === 'builtins') continue;
      assert.equal(builtins.get(name.replace(/^__/, '')), value, name);
    }
    assert.equal(builtins.get('builtins'), builtins);
  });
});
