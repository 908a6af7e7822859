import type { Duration } from '@yaolian/kernel';
import { element, refusalOf, type XmlElement } from '@yaolian/xmpp';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import { durationOption } from '../parsers.ts';
import { type HomeRun, onHomeRun, raAddress } from './session.ts';

interface TellOptions {
  readonly receipt?: Duration;
}

const receipts = 'urn:xmpp:receipts';
const disco = 'http://jabber.org/protocol/disco#info';

/** GB/T 29265.205 §11.3, §11.7: a message that wants no answer; it waits for who is away. */
export function registerTell(ra: Command, cli: Cli): void {
  const command = ra
    .command('tell')
    .summary('send a message to a friend, or to a device that takes messages')
    .description('Send a message to a friend or a device. Who is away gets it later.')
    .addArgument(new Argument('<account>', 'whose account: name@domain, or the name when the domain is yours'))
    .addArgument(new Argument('<text>', 'the message'))
    .addOption(
      new Option('--receipt <duration>', 'wait so long for the word that it has arrived').argParser(durationOption),
    );
  addExamples(command, [
    ['Say something', 'yaolian ra tell bob "The kettle is on"'],
    ['And know that it has arrived', 'yaolian ra tell bob "The kettle is on" --receipt 30s'],
  ]);
  onHomeRun<TellOptions>(cli, command, tell);
}

async function tell(run: HomeRun<TellOptions>): Promise<void> {
  const { args, user, options, printer, signal, connected } = run;
  const to = raAddress(args[0], user);
  if (args[1]!.trim() === '') throw cliErrors.CLI_USAGE('the message is empty');
  const refused = new Map<string | undefined, XmlElement>();
  const { promise: received, resolve } = Promise.withResolvers<void>();
  let id = '';
  const onMessage = (message: XmlElement) => {
    if (message.attribute('type') === 'error') refused.set(message.attribute('id'), message);
    const receipt = message.child('received', receipts);
    if (receipt?.attribute('id') === id && message.attribute('from')?.split('/')[0] === to) resolve();
  };
  await connected(
    async (_, client) => {
      id = client.sendMessage(to, args[1]!, ...(options.receipt ? [element('request', receipts)] : []));
      // RFC 6120 §10.1: who answers what came later has taken the message, or refused it.
      await client.request('get', user.domain, element('query', disco), { signal });
      const refusal = refused.get(id);
      if (refusal !== undefined) throw cliErrors.CLI_REFUSED(reason(refusal, to));
      if (options.receipt !== undefined) await within(received, options.receipt, signal);
      const text = options.receipt === undefined ? `Sent to ${printable(to)}.\n` : `${printable(to)} has it.\n`;
      await printer.result({ id, to, received: options.receipt !== undefined }, () => text);
    },
    { onMessage },
  );
}

const unreachable = new Set(['remote-server-not-found', 'remote-server-timeout', 'recipient-unavailable']);

function reason(refusal: XmlElement, to: string): string {
  const { condition, text } = refusalOf(refusal);
  if (text !== undefined) return text;
  if (condition === 'forbidden') return `you may not write to ${to}, or there is no such account`;
  return unreachable.has(condition) ? `${to} cannot be reached at the moment` : `refused: ${condition}`;
}

async function within(received: Promise<void>, patience: Duration, signal: AbortSignal): Promise<void> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const late = () => reject(cliErrors.CLI_TIMEOUT('no word that it has arrived; it is on its way, or waits'));
  // A timer that keeps the process alive: waiting is what was asked for.
  const timer = setTimeout(late, patience);
  const end = () => reject(cliErrors.CLI_INTERRUPTED());
  signal.addEventListener('abort', end, { once: true });
  await Promise.race([received, over]).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  });
}
