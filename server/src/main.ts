/** The server over standard input and output, as an editor starts it: `server.js --stdio`. */
import { startServer } from './lsp/server';

// Standard output carries the protocol and nothing else.
console.log = console.info = console.debug = console.error;
startServer(process.stdin, process.stdout);
