/**
 * Asks a service in the same thread. The values that documents have are kept for as long as they hold,
 * and may fill the heap; then all of them make way, and the question that met the limit is asked
 * again. The evaluator's process tells its supervisor instead, who has more to answer.
 */
import type { EvaluatorService } from './service';

export function askWithRoom<T>(service: EvaluatorService, question: () => T): T {
  let answer: T;
  try {
    answer = question();
  } catch (error) {
    if (!service.makeRoom()) throw error;
    return again(service, question);
  }
  return service.makeRoom() ? again(service, question) : answer;
}

function again<T>(service: EvaluatorService, question: () => T): T {
  try {
    return question();
  } finally {
    service.makeRoom();
  }
}
