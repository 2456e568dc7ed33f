/** What the command line says where a program of its own cannot be run to its end. */
import { HostError } from '../host/host';

/** A line where the machine is the reason; the stack where the fault is ours. */
export function failureText(error: unknown): string {
  if (error instanceof HostError) return `error: ${error.message}`;
  const { code, message, stack, syscall } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'error: out of memory';
  if (code === 'ERR_WORKER_INIT_FAILED') {
    return `error: cannot start a thread: ${message}; a limit on memory, threads or open files may be too low`;
  }
  return syscall === undefined ? (stack ?? String(error)) : `error: ${message}`;
}
