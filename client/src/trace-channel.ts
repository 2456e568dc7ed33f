// Makes the setting `nixray.trace.server` mean what it says.
//
// The client library traces only while the log level of its trace channel is
// `Trace`, whatever the setting. So it is given a channel whose level follows
// the setting, and which writes to the ordinary output.
import * as vscode from 'vscode';
import { settingsSection } from '../../shared/src/settings';

export class TraceChannel implements vscode.Disposable {
  private readonly levelChanged = new vscode.EventEmitter<vscode.LogLevel>();
  private readonly subscription: vscode.Disposable;

  /** The output channel, but for its log level and for how it writes traces. */
  readonly channel: vscode.LogOutputChannel;

  constructor(output: vscode.LogOutputChannel) {
    this.subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${settingsSection}.trace.server`)) this.levelChanged.fire(level());
    });
    const changed = this.levelChanged.event;
    this.channel = new Proxy(output, {
      get(target, name) {
        if (name === 'logLevel') return level();
        if (name === 'onDidChangeLogLevel') return changed;
        if (name === 'trace') return (message: string) => target.info(message);
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }

  dispose(): void {
    this.subscription.dispose();
    this.levelChanged.dispose();
  }
}

function level(): vscode.LogLevel {
  const setting = vscode.workspace.getConfiguration(settingsSection).get<string>('trace.server', 'off');
  return setting === 'off' ? vscode.LogLevel.Info : vscode.LogLevel.Trace;
}
