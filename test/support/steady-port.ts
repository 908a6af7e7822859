import { randomInt } from 'node:crypto';
import { seconds } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';

/**
 * A port for a server that stops and starts again in the same place while other tests run beside it. It is below those that systems hand
 * out to who asks for any (Linux: from 32768 on, others: from 49152 on), so that no socket of theirs gets it in between. The one after it
 * is as good, and nobody else’s: `coap.port` + 1 is for DTLS and TLS. It is above 10080, the last of those that `fetch` and browsers refuse to
 * ask (Fetch Standard, “port blocking”).
 */
export const steadyPort = (): number => 10_100 + 2 * randomInt(10_900);

/** Starts something on free steady ports: on others where `start` finds that somebody has them. */
export function onSteadyPorts<T extends object>(start: (coap: number, http: number) => Promise<T>): Promise<T> {
  return unlessInUse(() => start(steadyPort(), steadyPort()));
}

/** Starts something where it was before, once nobody else is there. @param start fails with what says that a port is in use, or for good */
export function unlessInUse<T extends object>(start: () => Promise<T>): Promise<T> {
  let trouble: unknown;
  const attempt = async () => {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof Error && / is in use/.test(error.message))) throw error;
      trouble = error;
      return undefined;
    }
  };
  // A platform that starts beside many others has been seen to take more than the 30 s that tests wait for a state.
  const what = () => (trouble === undefined ? 'a start that is not over' : `a port: ${String(trouble)}`);
  return until(attempt, what, { bound: seconds(90) }) as Promise<T>;
}
