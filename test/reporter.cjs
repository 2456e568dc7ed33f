// Mocha's own `spec` output, closed by the plain line that continuous
// integration reads: `N passed, N failed` (`, N skipped` where tests were).
const { reporters } = require('mocha');

class Reporter extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    console.log(`${passes} passed, ${failures} failed${pending ? `, ${pending} skipped` : ''}`);
  }
}

module.exports = Reporter;
