/** Loaded before the tests: `PROPERTY_SEED=7` repeats the draw of every property; without it each run draws anew. */
import fc from 'fast-check';

const seed = process.env['PROPERTY_SEED'];
if (seed !== undefined) {
  if (!/^-?\d{1,10}$/.test(seed)) throw new Error(`PROPERTY_SEED is a whole number, not ${seed}`);
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
}
