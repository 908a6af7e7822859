import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { type Duration, toMilliseconds } from '@yaolian/kernel';
import { publicLookup, urlProblem } from './addresses.ts';

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For all of it, from the look-up to the status. */
  readonly timeout: Duration;
  readonly allowsPrivate: boolean;
  readonly signal: AbortSignal;
}

/**
 * Posts and gives the status of the answer; what else the answer holds is not read, and redirects are not followed.
 * @throws Error, a sentence for people, when there is no answer
 */
export function post({ url, headers, body, timeout, allowsPrivate, signal }: Post): Promise<number> {
  const wrong = urlProblem(url, allowsPrivate);
  if (wrong !== undefined) return Promise.reject(new Error(wrong.message));
  const late = AbortSignal.timeout(toMilliseconds(timeout));
  const bytes = Buffer.from(body, 'utf8');
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? secureRequest : plainRequest;
    const options = {
      ...{ method: 'POST', agent: false, signal: AbortSignal.any([signal, late]) },
      headers: { ...headers, 'content-length': bytes.length },
      ...(allowsPrivate ? {} : { lookup: publicLookup }),
    };
    const outgoing = send(url, options, (response) => {
      response.on('error', () => {}); // nobody reads it
      resolve(response.statusCode!);
      response.destroy();
    });
    outgoing.on('error', (error) => reject(late.aborted ? new Error('no answer in time', { cause: error }) : error));
    outgoing.end(bytes);
  });
}

/** Of a name with several addresses Node tells all failures in one error, which has a code and no sentence: that of the first stands for it. */
export function failureSentence(error: unknown): string {
  if (error instanceof AggregateError && error.message === '' && error.errors.length > 0) {
    return failureSentence(error.errors[0]);
  }
  return error instanceof Error ? error.message : String(error);
}
