// The command *Choose Call*: lists the places that may call the function at the
// cursor; from then on the values inside of it are those of the chosen call. Instead
// of a call, one may pin arguments.
import * as vscode from 'vscode';
import {
  callsMethod,
  chooseCallMethod,
  type CallsParams,
  type CallsResult,
  type ChooseCallParams,
  type FunctionCall,
  type Position,
} from '../../shared/src/protocol';
import { say } from './say';
import { parameterText } from './argument-text';
import { placeOfCommand, type Place } from './cursor';
import { pinArgument, unpinArgument } from './pin-arguments';
import type { Server } from './server';
import { placeText } from './value-text';

interface Item extends vscode.QuickPickItem {
  readonly run?: () => Promise<void>;
}

/** A lens gives the function's place; without it, the cursor's is meant. */
export async function chooseCall(server: Server, uri?: string, position?: Position): Promise<void> {
  const place = placeOfCommand(uri, position);
  if (place === undefined) return;
  const reply = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Nixray: looking for calls' },
    () => server.request<CallsParams, CallsResult>(callsMethod, place),
  );
  if ('problem' in reply) return void vscode.window.showWarningMessage(reply.problem);
  if (reply.result === null) return say('the cursor is in no function');
  const picked = await vscode.window.showQuickPick(itemsOf(server, place, reply.result), {
    title: 'The call whose values are shown',
    placeHolder:
      reply.result.calls.length === 0
        ? 'Nixray knows no call of this function; you can say what it is called with'
        : 'Choose a call, or say what the function is called with',
    matchOnDescription: true,
  });
  await picked?.run?.();
}

function itemsOf(server: Server, place: Place, { calls, arguments: takes }: CallsResult): Item[] {
  const pinned = takes.filter((argument) => argument.pinned !== undefined);
  const choose = async (call: FunctionCall | undefined): Promise<void> => {
    // What is pinned comes before every call.
    for (const argument of pinned) await unpinArgument(argument);
    await send(server, { ...place, call: call?.location ?? null, ...(call && { text: call.text }) });
  };
  const items: Item[] = [];
  if (calls.length > 0) items.push(separator('Calls'));
  for (const call of calls) {
    items.push({
      label: call.chosen && pinned.length === 0 ? `$(check) ${call.text}` : call.text,
      description: placeText(call.location.uri, call.location.range.start.line + 1),
      run: () => choose(call),
    });
  }
  if (calls.some(({ chosen }) => chosen))
    items.push({ label: '$(discard) Let Nixray choose', run: () => choose(undefined) });
  items.push(separator('Arguments'));
  for (const argument of takes) {
    items.push({
      label: `${argument.pinned === undefined ? '$(pin) Pin' : '$(edit) Change'} ${parameterText(argument)}…`,
      description: argument.pinned?.expression ?? '',
      run: () => pinArgument(server, place, argument),
    });
  }
  for (const argument of pinned) {
    items.push({
      label: `$(pinned-dirty) Unpin ${parameterText(argument)}`,
      description: argument.pinned!.expression,
      run: () => unpinArgument(argument),
    });
  }
  return items;
}

function separator(label: string): Item {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

async function send(server: Server, choice: ChooseCallParams): Promise<void> {
  const reply = await server.request<ChooseCallParams, boolean>(chooseCallMethod, choice);
  if ('problem' in reply) void vscode.window.showWarningMessage(reply.problem);
  else if (reply.result !== true)
    void vscode.window.showWarningMessage('The call is not there any more; choose again.');
}
