import { Code, formatCoapUri, type IncomingResponse, type Observation } from '@yaolian/coap';
import { type Duration, equalBytes, seconds } from '@yaolian/kernel';
import { type Command, Option } from 'commander';
import { type Cli, type CommandRun, onRun } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { durationOption, integerOption } from '../parsers.ts';
import { uriPlace } from './request-command.ts';
import { addRequestOptions, buildRequest, type RequestOptions } from './request-options.ts';
import { refuseGroup, uriArgument } from './resolve.ts';
import { describePayload, describeResponse, refusalOf, responseJson } from './response-view.ts';
import { defaultTimeout, withSession } from './session.ts';

interface ObserveOptions extends RequestOptions {
  readonly count?: number;
  readonly duration?: Duration;
}

/** How long saying goodbye may take. */
const cancelTimeout = seconds(3);

export function registerObserveCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('observe')
    .summary('follow a resource as it changes')
    .description(
      'Follow a resource as it changes (RFC 7641). Runs until Ctrl-C, --count or --duration, and then cancels the observation.',
    )
    .addArgument(uriPlace())
    .addOption(
      new Option('-c, --count <number>', 'stop after so many answers, the first included').argParser(
        integerOption('a count', 1, 1_000_000_000),
      ),
    )
    .addOption(new Option('-d, --duration <duration>', 'stop after this time').argParser(durationOption));
  addRequestOptions(command);
  addExamples(command, [
    ['Until Ctrl-C', 'yaolian coap observe coap://192.0.2.7/sensors/temperature'],
    ['Ten values, one JSON object a line', 'yaolian coap observe 192.0.2.7/sensors/temperature --count 10 --json'],
    ['What comes within five minutes', 'yaolian coap observe 192.0.2.7/door --duration 5m'],
  ]);
  onRun<ObserveOptions>(cli, command, observe);
}

async function observe(run: CommandRun<ObserveOptions>): Promise<void> {
  const { options, signal } = run;
  const uri = uriArgument(run.args[0]!);
  await withSession(run, uri, async ({ endpoint, peer }) => {
    refuseGroup(peer);
    const follower = new Follower(run, formatCoapUri(uri));
    const { response, observation } = await endpoint.observe(peer, buildRequest(Code.GET, uri, options), follower, {
      signal,
      timeout: options.timeout ?? defaultTimeout,
    });
    follower.start(response, observation);
    try {
      await follower.finished;
    } finally {
      await cancel(observation);
    }
    signal.throwIfAborted();
  });
}

async function cancel(observation: Observation | undefined): Promise<void> {
  if (!observation?.active) return;
  try {
    await observation.cancel({ timeout: cancelTimeout });
  } catch {
    observation.forget(); // it does not answer: RST to its next notification will tell it
  }
}

/** Shows one observation, and knows when it has seen enough. */
class Follower {
  /** Resolves when enough was seen, rejects when the server ended it or the user is not served. */
  readonly finished: Promise<void>;
  readonly #run: CommandRun<ObserveOptions>;
  readonly #uri: string;
  readonly #settle: PromiseWithResolvers<void>;
  #started = false;
  #observation: Observation | undefined;
  #seen = 0;
  #shown: IncomingResponse | undefined;
  /** What came before the first answer was shown. */
  readonly #early: IncomingResponse[] = [];
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(run: CommandRun<ObserveOptions>, uri: string) {
    this.#run = run;
    this.#uri = uri;
    this.#settle = Promise.withResolvers();
    this.finished = this.#settle.promise.finally(() => clearTimeout(this.#timer)).finally(() => this.#writing);
    this.finished.catch(() => undefined); // whoever waits sees it; nobody may wait yet
  }

  start(first: IncomingResponse, observation: Observation | undefined): void {
    const refusal = refusalOf(this.#uri, first);
    if (refusal !== undefined) {
      this.#settle.reject(cliErrors.CLI_REFUSED(refusal));
      return;
    }
    this.#started = true;
    this.#show(first);
    if (observation) this.#follow(observation);
    else
      this.#settle.reject(cliErrors.CLI_REFUSED(`${this.#uri} answered, but does not let itself be observed; use get`));
  }

  #follow(observation: Observation): void {
    const { signal, options } = this.#run;
    this.#observation = observation;
    for (const response of this.#early) this.#show(response);
    signal.addEventListener('abort', () => this.#settle.resolve(), { once: true });
    if (signal.aborted) this.#settle.resolve();
    // A timer that keeps the process alive: waiting is what the command is for.
    if (options.duration !== undefined) this.#timer = setTimeout(() => this.#settle.resolve(), options.duration);
  }

  onNotification(response: IncomingResponse): void {
    if (this.#started) this.#show(response);
    else this.#early.push(response);
  }

  onStale(): void {
    // RFC 7641 §3.3.1: the server may have forgotten us. Its answer renews the observation, or says that it is over.
    this.#observation?.refresh({ timeout: defaultTimeout }).then(
      (response) => {
        if (!this.#shown || !equalBytes(response.payload, this.#shown.payload)) this.#show(response);
      },
      (error: unknown) => this.#settle.reject(error),
    );
  }

  onEnded(reason: string): void {
    this.#settle.reject(cliErrors.CLI_REFUSED(`${this.#uri} ended the observation: ${reason}`));
  }

  #show(response: IncomingResponse): void {
    const { printer, options } = this.#run;
    if (options.count !== undefined && this.#seen >= options.count) return;
    this.#seen++;
    this.#shown = response;
    const time = new Date();
    this.#writing = this.#writing.then(() =>
      printer.result({ time: time.toISOString(), ...responseJson(response) }, () => {
        const clock = time.toTimeString().slice(0, 8);
        const payload = describePayload(response, printer.isTerminal);
        const isOneLine = payload !== '' && payload.indexOf('\n') === payload.length - 1 && payload.length < 200;
        return `${clock}  ${isOneLine ? payload : `\n${describeResponse(response, printer.isTerminal)}`}`;
      }),
    );
    if (options.count !== undefined && this.#seen >= options.count) this.#settle.resolve();
  }
}
