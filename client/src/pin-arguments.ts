// Pinning: the user says what a function is called with. It is kept in the setting
// `nixray.arguments`, so that it outlives the window, can be read and shared, and
// holds in the hover, the lens, hints and the tree alike.
import * as vscode from 'vscode';
import {
  callsMethod,
  evaluateMethod,
  type CallsParams,
  type CallsResult,
  type EvaluateParams,
  type EvaluateResult,
  type FunctionArgument,
} from '../../shared/src/protocol';
import { settingsSection } from '../../shared/src/settings';
import { say } from './say';
import { argumentTemplate, parameterText } from './argument-text';
import { placeOfCommand, type Place } from './cursor';
import type { Server } from './server';
import { rowAnswer } from './value-text';

const setting = 'arguments';

/** The command: pins an argument of the function at the cursor. */
export async function pinArguments(server: Server): Promise<void> {
  const place = placeOfCommand();
  if (place === undefined) return;
  const reply = await server.request<CallsParams, CallsResult>(callsMethod, place);
  if ('problem' in reply) return void vscode.window.showWarningMessage(reply.problem);
  const takes = reply.result?.arguments ?? [];
  if (takes.length === 0) return say('the cursor is in no function');
  const argument = takes.length === 1 ? takes[0] : await chooseArgument(takes);
  if (argument !== undefined) await pinArgument(server, place, argument);
}

async function chooseArgument(takes: readonly FunctionArgument[]): Promise<FunctionArgument | undefined> {
  const items = takes.map((argument) => ({
    label: parameterText(argument),
    description: argument.pinned?.expression ?? '',
    argument,
  }));
  const picked = await vscode.window.showQuickPick(items, { title: 'The argument to pin' });
  return picked?.argument;
}

/** Asks for an expression, and keeps it in the setting. */
export async function pinArgument(server: Server, place: Place, argument: FunctionArgument): Promise<void> {
  const { text, selection } = argumentTemplate(argument);
  const expression = await vscode.window.showInputBox({
    title: `Pin the argument of ${parameterText(argument)}: …`,
    prompt: 'A Nix expression, evaluated in the scope around the function',
    value: text,
    valueSelection: selection,
    ignoreFocusOut: true,
    validateInput: (typed) => complaint(server, place, argument, typed),
  });
  if (expression === undefined || expression.trim() === '') return;
  const name = argument.setting;
  await update((pins) => ({ [name]: expression.trim(), ...without(pins, name) }), target(name));
}

/** What is pinned for one function alone is taken back; for a pattern that covers others, the user is asked. */
export async function unpinArgument({ setting: own, pinned }: FunctionArgument): Promise<void> {
  if (pinned === undefined) return;
  if (pinned.setting !== own) {
    const message = `“${pinned.setting}” in the setting nixray.arguments pins this argument, maybe for other files, too.`;
    const answer = await vscode.window.showWarningMessage(message, 'Remove It', 'Open Setting');
    if (answer === 'Open Setting')
      await vscode.commands.executeCommand('workbench.action.openSettings', `${settingsSection}.${setting}`);
    if (answer !== 'Remove It') return;
  }
  await update((pins) => without(pins, pinned.setting), target(pinned.setting));
}

type Pins = Readonly<Record<string, string>>;

function without(pins: Pins, name: string): Pins {
  return Object.fromEntries(Object.entries(pins).filter(([each]) => each !== name));
}

/** The settings that have a pin already, or else those of the workspace; where there is none, the user's own. */
function target(name: string): vscode.ConfigurationTarget {
  const { workspaceValue, globalValue } = inspected();
  if (workspaceValue?.[name] !== undefined) return vscode.ConfigurationTarget.Workspace;
  if (globalValue?.[name] !== undefined) return vscode.ConfigurationTarget.Global;
  return vscode.workspace.workspaceFolders === undefined
    ? vscode.ConfigurationTarget.Global
    : vscode.ConfigurationTarget.Workspace;
}

function inspected(): { readonly workspaceValue?: Pins; readonly globalValue?: Pins } {
  return vscode.workspace.getConfiguration(settingsSection).inspect<Pins>(setting) ?? {};
}

async function update(change: (pins: Pins) => Pins, where: vscode.ConfigurationTarget): Promise<void> {
  const { workspaceValue, globalValue } = inspected();
  const pins = (where === vscode.ConfigurationTarget.Workspace ? workspaceValue : globalValue) ?? {};
  const changed = change(pins);
  const isEmpty = Object.keys(changed).length === 0;
  try {
    const configuration = vscode.workspace.getConfiguration(settingsSection);
    await configuration.update(setting, isEmpty ? undefined : changed, where);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(`The setting nixray.arguments could not be written: ${reason}`);
  }
}

/** An expression that cannot be read is refused; what it evaluates to is said. */
async function complaint(
  server: Server,
  { textDocument }: Place,
  { position }: FunctionArgument,
  expression: string,
): Promise<vscode.InputBoxValidationMessage | undefined> {
  if (expression.trim() === '') return undefined;
  const reply = await server.request<EvaluateParams, EvaluateResult>(evaluateMethod, {
    textDocument,
    position,
    expression,
    depth: 1,
  });
  if (!('result' in reply) || reply.result === null) return undefined;
  const { error } = reply.result;
  const { Error: Refused, Warning, Info } = vscode.InputBoxValidationSeverity;
  const severity = error === undefined ? Info : error.code === 'parse-error' ? Refused : Warning;
  return { message: rowAnswer(reply.result), severity };
}
