/** The suites of tests: which files each has, and how they run. `run-tests.test.ts` holds that no test is left out. */
export interface Suite {
  readonly flags: readonly string[];
  readonly files: readonly string[];
}

export const suites: Readonly<Record<string, Suite>> = {
  /** Over virtual time and simulated networks: one process holds them all. */
  protocols: {
    flags: ['--test-isolation=none', '--test-timeout=300000', '--test-force-exit'],
    files: [
      'packages/{kernel,testkit,coap,dtls,oscore,xmpp,lwm2m,lwm2m-objects,china-mobile-dm,igrs,directory,contract}/src/**/*.test.ts',
    ],
  },
  /**
   * Servers, sockets and processes, that wait for each other a good part of the time: two files at a time, on two cores too. Every file ends by
   * itself: with `--test-force-exit` the last verdicts of a file can be lost on their way (nodejs/node#64833).
   */
  platform: {
    flags: ['--test-timeout=300000', '--test-concurrency=2'],
    files: [
      'packages/{node-runtime,storage}/src/**/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'test/*.test.ts',
      'tools/*.test.ts',
    ],
  },
  /** Programs of others, that mostly wait for each other: two files at a time. Every file ends by itself here too. */
  peers: {
    flags: ['--test-timeout=600000', '--test-concurrency=2'],
    files: ['test/peers/*.test.ts'],
  },
};
