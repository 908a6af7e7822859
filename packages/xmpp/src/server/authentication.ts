import { decodeBase64, emptyBytes, encodeBase64, type Log } from '@yaolian/kernel';
import { namespaces } from '../namespaces.ts';
import type { SaslChannel, SaslCondition, SaslExchange, SaslMechanism, SaslStep } from '../sasl/mechanism.ts';
import { element, type XmlElement } from '../xml/element.ts';
import type { AttemptLimiter } from './attempt-limiter.ts';

export interface AuthenticationOptions {
  readonly mechanisms: readonly SaslMechanism[];
  readonly channel: SaslChannel;
  readonly attempts: AttemptLimiter;
  /** The host that the client comes from. */
  readonly host: string;
  readonly log: Log;
}

type Failure = Extract<SaslStep, { kind: 'failure' }>;

const refused = (condition: SaslCondition, text?: string): Failure => ({
  kind: 'failure',
  condition,
  ...(text === undefined ? {} : { text }),
});

/** All attempts to authenticate on one stream (RFC 6120 §6.4): one after the other, and not too many. */
export class Authentication {
  readonly #options: AuthenticationOptions;
  #exchange: SaslExchange | undefined;
  #failures = 0;

  constructor(options: AuthenticationOptions) {
    this.#options = options;
  }

  /** The stream has failed so often that it ends. */
  get isExhausted(): boolean {
    return this.#failures >= this.#options.attempts.perStream;
  }

  /** @param initial the initial response in base 64; undefined: none */
  begin(mechanismName: string | undefined, initial: string | undefined): Promise<SaslStep> {
    const { mechanisms, channel, attempts, host } = this.#options;
    const mechanism = mechanisms.find(({ name }) => name === mechanismName);
    this.#exchange = undefined;
    if (mechanism === undefined) return this.#finish(refused('invalid-mechanism'));
    if (attempts.isAddressBlocked(host)) return this.#finish(refused('temporary-auth-failure', 'too many attempts'));
    const data = initial === undefined ? undefined : decodeSaslData(initial);
    if (initial !== undefined && data === undefined) return this.#finish(refused('incorrect-encoding'));
    const exchange = mechanism.begin(channel);
    this.#exchange = exchange;
    return this.#step(() => exchange.start(data));
  }

  /** @param response in base 64 */
  respond(response: string): Promise<SaslStep> {
    const exchange = this.#exchange;
    if (exchange === undefined) return this.#finish(refused('malformed-request'));
    const data = decodeSaslData(response);
    if (data === undefined) return this.#finish(refused('incorrect-encoding'));
    return this.#step(() => exchange.next(data));
  }

  abort(): Promise<SaslStep> {
    return this.#finish(refused('aborted'));
  }

  async #step(run: () => SaslStep | Promise<SaslStep>): Promise<SaslStep> {
    let step: SaslStep;
    try {
      step = await run();
    } catch (error) {
      this.#options.log.error('a SASL mechanism failed', { error });
      step = refused('temporary-auth-failure');
    }
    return step.kind === 'challenge' ? step : this.#finish(step);
  }

  async #finish(step: SaslStep): Promise<SaslStep> {
    const { attempts, host, channel } = this.#options;
    this.#exchange = undefined;
    const username = step.kind === 'challenge' ? undefined : step.username;
    const account = username === undefined ? undefined : `${username}@${channel.domain}`;
    if (step.kind === 'failure') {
      this.#failures++;
      attempts.failed(host, account);
    } else if (account !== undefined && attempts.isAccountBlocked(account)) {
      // Who guessed right after so many guesses is not told.
      this.#failures++;
      return refused('temporary-auth-failure', 'too many attempts');
    }
    return step;
  }
}

/** RFC 6120 §6.4.2: `=` is no data, which is not the same as none. */
function decodeSaslData(text: string): Uint8Array | undefined {
  return text === '=' || text === '' ? emptyBytes : decodeBase64(text);
}

/** RFC 6120 §6.4. */
export function encodeSaslStep(step: SaslStep): XmlElement {
  const { sasl } = namespaces;
  switch (step.kind) {
    case 'challenge':
      return element('challenge', sasl, {}, encodeBase64(step.data) || '=');
    case 'success':
      return element('success', sasl, {}, step.data && (encodeBase64(step.data) || '='));
    case 'failure':
      return encodeFailure(step, sasl);
  }
}

/** XEP-0388 §2.4-2.6. @param done what goes into a success besides: who it is, and results of what was asked along with it */
export function encodeSasl2Step(step: SaslStep, done: readonly (XmlElement | undefined)[]): XmlElement {
  const { sasl2 } = namespaces;
  switch (step.kind) {
    case 'challenge':
      return element('challenge', sasl2, {}, encodeBase64(step.data));
    case 'success':
      return element(
        'success',
        sasl2,
        {},
        step.data && element('additional-data', sasl2, {}, encodeBase64(step.data)),
        ...done,
      );
    case 'failure':
      return encodeFailure(step, sasl2);
  }
}

function encodeFailure({ condition, text }: Failure, namespace: string): XmlElement {
  return element(
    'failure',
    namespace,
    {},
    element(condition, namespaces.sasl),
    text === undefined ? undefined : element('text', namespace, {}, text),
  );
}
