/** The folder that a process works in, which others may remove meanwhile. */
import { HostError } from './host';

/** As the operating system writes it. @throws HostError where the folder has been removed */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    throw new HostError('not-found', 'cannot get cwd: No such file or directory');
  }
}
