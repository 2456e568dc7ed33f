/** The mark that a selection with `or` leaves on the stack where it found nothing. Never a value. */
export class NotFound {}
export const notFound = new NotFound();
