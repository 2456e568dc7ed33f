// The status: an item in the status bar while a Nix file is looked at, and the
// same with its details among the language's items.
import * as vscode from 'vscode';
import { languageId, type StatusParams } from '../../shared/src/protocol';
import { bytecodeLanguage } from './bytecode-uri';
import type { Server, ServerState } from './server';

interface Appearance {
  readonly icon: string;
  readonly detail: string;
  readonly severity: vscode.LanguageStatusSeverity;
  readonly busy?: true;
  readonly command: vscode.Command;
}

const showOutput: vscode.Command = { command: 'nixray.showOutput', title: 'Show Output' };
const restartServer: vscode.Command = { command: 'nixray.restartServer', title: 'Restart Server' };
const manageTrust: vscode.Command = { command: 'workbench.trust.manage', title: 'Manage Workspace Trust' };
const openSetting: vscode.Command = {
  command: 'workbench.action.openSettings',
  title: 'Open Setting',
  arguments: ['nixray.evaluation.enabled'],
};

export class Status implements vscode.Disposable {
  private readonly bar = vscode.window.createStatusBarItem(
    'nixray.status',
    vscode.StatusBarAlignment.Right,
    100,
  );
  private readonly item = vscode.languages.createLanguageStatusItem('nixray.status', {
    language: languageId,
  });
  private readonly subscriptions: vscode.Disposable[];
  private status: StatusParams = { state: 'idle' };

  constructor(private readonly server: Server) {
    this.bar.name = this.item.name = 'Nixray';
    this.subscriptions = [
      server.onStatus((status) => {
        this.status = status;
        this.show();
      }),
      server.onDidChangeState(() => {
        this.status = { state: 'idle' };
        this.show();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.showWhereUseful()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.show()),
    ];
    this.show();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.bar.dispose();
    this.item.dispose();
  }

  private show(): void {
    const { icon, detail, severity, busy, command } = appearance(this.server.state, this.status);
    this.bar.text = icon === '' ? 'Nixray' : `$(${icon}) Nixray`;
    this.bar.tooltip = `Nixray: ${detail}`;
    this.bar.command = command;
    this.bar.backgroundColor = background(severity);
    this.item.text = 'Nixray';
    this.item.detail = detail;
    this.item.severity = severity;
    this.item.busy = busy === true;
    this.item.command = command;
    this.showWhereUseful();
  }

  private showWhereUseful(): void {
    const language = vscode.window.activeTextEditor?.document.languageId;
    if (language === languageId || language === bytecodeLanguage) this.bar.show();
    else this.bar.hide();
  }
}

function background(severity: vscode.LanguageStatusSeverity): vscode.ThemeColor | undefined {
  switch (severity) {
    case vscode.LanguageStatusSeverity.Error:
      return new vscode.ThemeColor('statusBarItem.errorBackground');
    case vscode.LanguageStatusSeverity.Warning:
      return new vscode.ThemeColor('statusBarItem.warningBackground');
    default:
      return undefined;
  }
}

const { Information, Warning, Error: Failure } = vscode.LanguageStatusSeverity;

/** While the server does not run. */
const ofServer: Readonly<Record<Exclude<ServerState, 'running'>, Appearance>> = {
  starting: {
    icon: 'sync~spin',
    detail: 'the server is starting',
    severity: Information,
    busy: true,
    command: showOutput,
  },
  stopped: {
    icon: 'circle-slash',
    detail: 'the server is stopped',
    severity: Information,
    command: restartServer,
  },
  failed: { icon: 'error', detail: 'the server does not run', severity: Failure, command: restartServer },
};

const untrusted: Appearance = {
  icon: 'shield',
  detail: 'nothing is evaluated in an untrusted workspace',
  severity: Information,
  command: manageTrust,
};

/** What the server says of evaluation; a message of its own takes the place of the detail. */
const ofEvaluation: Readonly<Record<StatusParams['state'], Appearance>> = {
  idle: { icon: '', detail: 'ready', severity: Information, command: showOutput },
  evaluating: {
    icon: 'loading~spin',
    detail: 'evaluating',
    severity: Information,
    busy: true,
    command: showOutput,
  },
  restarted: {
    icon: 'warning',
    detail: 'evaluation was started again',
    severity: Warning,
    command: showOutput,
  },
  disabled: {
    icon: 'circle-slash',
    detail: 'evaluation is off',
    severity: Information,
    command: openSetting,
  },
};

function appearance(server: ServerState, { state, message }: StatusParams): Appearance {
  if (server !== 'running') return ofServer[server];
  if (!vscode.workspace.isTrusted) return untrusted;
  const usual = ofEvaluation[state];
  return message === undefined ? usual : { ...usual, detail: message };
}
