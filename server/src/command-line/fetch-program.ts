/** The program of `nixray fetch-nixpkgs`, which waits for the network and evaluates nothing. */
import { fetchNixpkgs } from './fetch-nixpkgs';
import { ProcessWorld } from './process-world';

// A download cleans up behind itself; pressed again, the keys end it at once.
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());

const world = new ProcessWorld();
void fetchNixpkgs(process.argv.slice(3), world, interruption.signal).then((exitCode) => {
  world.end();
  process.exit(exitCode);
});
