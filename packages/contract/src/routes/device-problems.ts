/** What every operation on a device may meet. */
export const deviceProblems = [
  'invalid-path',
  'device-unknown',
  'device-not-registered',
  'model-forbids',
  'device-refused',
  'unavailable',
  'device-answer-malformed',
  'device-reset',
  'device-not-connected',
  'device-asleep',
  'device-busy',
  'device-timeout',
] as const;
