/** The server's own commands, by their names in `workspace/executeCommand`. */
import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver/node';
import { fetchNixpkgsServerCommand, showBytecodeCommand } from '../../../shared/src/protocol';
import { showBytecode } from './handlers/bytecode';
import { fetchNixpkgs } from './handlers/fetch-nixpkgs';
import { readList, readParams } from './params';
import type { Parts } from './parts';

type Command = (parts: Parts, args: readonly unknown[], token: CancellationToken) => unknown;

const commands: { readonly [name: string]: Command } = {
  [showBytecodeCommand]: showBytecode,
  [fetchNixpkgsServerCommand]: fetchNixpkgs,
};

/** `workspace/executeCommand` */
export function executeCommand(parts: Parts, params: unknown, token: CancellationToken): unknown {
  const { command, arguments: args } = readParams(params);
  const name = String(command);
  const run = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (run === undefined) throw new ResponseError(LSPErrorCodes.RequestFailed, `There is no command ${name}.`);
  return run(parts, readList(args ?? [], 'arguments'), token);
}
