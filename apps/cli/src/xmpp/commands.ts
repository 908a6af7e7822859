import { type Duration, seconds } from '@yaolian/kernel';
import { clientContext, Jid, parseXmlText, refusalOf, serialiseXml, type XmlElement } from '@yaolian/xmpp';
import { Argument, type Command, Option } from 'commander';
import { type Cli, type CommandRun, onRun } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import { localClock } from '../output/time.ts';
import { durationOption, integerOption } from '../parsers.ts';
import { accountPlace, addXmppOptions, withClient, type XmppOptions } from './session.ts';

/** The commands that talk to any XMPP server as a client. */
export function registerXmppCommands(parent: Command, cli: Cli): void {
  const xmpp = parent
    .command('xmpp')
    .summary('send and see messages on any XMPP server')
    .description('Be a client of an XMPP server (RFC 6120): send messages, ask with iqs, see what comes.');
  addExamples(xmpp, [
    ['Say hello', 'yaolian xmpp send anna@example.org bob@example.org "Hello"'],
    ['What comes to bob', 'yaolian xmpp listen bob@example.org'],
  ]);
  registerListen(xmpp, cli);
  registerSend(xmpp, cli);
  registerAsk(xmpp, cli);
}

interface ListenOptions extends XmppOptions {
  readonly count?: number;
  readonly duration?: Duration;
  readonly xml?: boolean;
}

function registerListen(parent: Command, cli: Cli): void {
  const command = parent
    .command('listen')
    .summary('show messages and presence as they come')
    .description('Come online and show messages and presence as they come, until Ctrl-C, --count or --duration.')
    .addArgument(accountPlace())
    .addOption(
      new Option('-c, --count <number>', 'stop after so many').argParser(integerOption('a count', 1, 1_000_000_000)),
    )
    .addOption(new Option('-d, --duration <duration>', 'stop after this time').argParser(durationOption))
    .addOption(new Option('--xml', 'show stanzas as they are'));
  addXmppOptions(command);
  addExamples(command, [['What comes to anna', 'yaolian xmpp listen anna@example.org']]);
  onRun<ListenOptions>(cli, command, listen);
}

async function listen(run: CommandRun<ListenOptions>): Promise<void> {
  const { options, printer, signal } = run;
  const { promise: finished, resolve, reject } = Promise.withResolvers<void>();
  let writing = Promise.resolve();
  let seen = 0;
  const show = (stanza: XmlElement) => {
    if (seen === options.count) return;
    writing = writing.then(() => printer.result(stanzaJson(stanza), () => describe(stanza, options.xml === true)));
    if (++seen === options.count) resolve();
  };
  const listener = {
    onMessage: show,
    onPresence: show,
    onOffline: (error: Error) => void printer.note(`${error.message}; trying again`),
    onClosed: (error: Error | undefined) => {
      if (error !== undefined) reject(cliErrors.CLI_REFUSED(error.message));
    },
  };
  await withClient(run, listener, async (client) => {
    await printer.note(`online as ${client.jid}`);
    client.sendPresence();
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    // A timer that keeps the process alive: waiting is what the command is for.
    const timer = options.duration === undefined ? undefined : setTimeout(resolve, options.duration);
    await finished.finally(() => clearTimeout(timer));
    await writing;
  });
  signal.throwIfAborted();
}

function stanzaJson(stanza: XmlElement) {
  const { from, type } = stanza.attributes;
  const body = stanza.childText('body');
  return {
    time: new Date().toISOString(),
    kind: stanza.name,
    ...(from === undefined ? {} : { from }),
    ...(type === undefined ? {} : { type }),
    ...(body === undefined ? {} : { body }),
    xml: serialiseXml(stanza, clientContext),
  };
}

function describe(stanza: XmlElement, isRaw: boolean): string {
  const clock = localClock(new Date().toISOString());
  const text = stanza.childText('body');
  if (isRaw || (stanza.name === 'message' && text === undefined)) {
    return `${clock}  ${printable(serialiseXml(stanza, clientContext))}\n`;
  }
  const { from = '', type = 'available' } = stanza.attributes;
  const what = stanza.name === 'message' ? (text ?? '') : (stanza.childText('show') ?? type);
  return `${clock}  ${printable(from)}  ${stanza.name === 'message' ? '' : 'is '}${printable(what)}\n`;
}

function recipientPlace(): Argument {
  return new Argument('<to>', 'whose address it goes to');
}

function recipientOf(text: string | undefined): Jid {
  const jid = Jid.parse(text ?? '');
  if (jid === undefined) throw cliErrors.CLI_USAGE(`"${text}" is no address; write name@domain`);
  return jid;
}

function registerSend(parent: Command, cli: Cli): void {
  const command = parent
    .command('send')
    .summary('send a message')
    .description('Send a message, and see to it that the server has it.')
    .addArgument(accountPlace())
    .addArgument(recipientPlace())
    .addArgument(new Argument('<text>', 'the message'));
  addXmppOptions(command);
  addExamples(command, [['Say hello', 'yaolian xmpp send anna@example.org bob@example.org "Hello"']]);
  onRun<XmppOptions>(cli, command, async (run) => {
    const to = recipientOf(run.args[1]);
    const refused = new Map<string | undefined, XmlElement>();
    const onMessage = (message: XmlElement) => {
      if (message.attribute('type') === 'error') refused.set(message.attribute('id'), message);
    };
    await withClient(run, { onMessage }, async (client) => {
      const id = client.sendMessage(to, run.args[2]!);
      // Stanzas are handled in their order: who answers this one has taken the message before it, or refused it.
      await client.request('get', client.jid.domain, discoElement(), { signal: run.signal });
      const refusal = refused.get(id);
      if (refusal) throw cliErrors.CLI_REFUSED(`the message to ${to} came back: ${refusalOf(refusal).condition}`);
      await run.printer.result({ id, to: to.toString() }, () => `Sent to ${to}.\n`);
    });
  });
}

/** Not a ping: servers may answer those before they have dealt with what came earlier. */
function discoElement(): XmlElement {
  return parsed("<query xmlns='http://jabber.org/protocol/disco#info'/>");
}

function registerAsk(parent: Command, cli: Cli): void {
  const command = parent
    .command('ask')
    .summary('send an iq and show the answer')
    .description('Ask somebody with an iq, and show what comes back.')
    .addArgument(accountPlace())
    .addArgument(recipientPlace())
    .addArgument(new Argument('<xml>', 'the element in the iq'))
    .addOption(new Option('--set', 'an iq that changes something (type set)'))
    .addOption(
      new Option('--timeout <duration>', 'how long to wait').argParser(durationOption).default(seconds(30), '30s'),
    );
  addXmppOptions(command);
  addExamples(command, [
    [
      'What the server can do',
      `yaolian xmpp ask anna@example.org example.org "<query xmlns='http://jabber.org/protocol/disco#info'/>"`,
    ],
  ]);
  onRun<XmppOptions & { readonly set?: boolean; readonly timeout: Duration }>(cli, command, async (run) => {
    const { options, printer, signal } = run;
    const to = recipientOf(run.args[1]);
    const payload = parsed(run.args[2]!);
    await withClient(run, {}, async (client) => {
      const { timeout } = options;
      const answer = await client
        .request(options.set === true ? 'set' : 'get', to, payload, { signal, timeout })
        .catch((error: unknown) => {
          const isLate = (error as { code?: string }).code === 'XMPP_TIMEOUT';
          throw isLate ? cliErrors.CLI_TIMEOUT(`${to} did not answer in time`) : error;
        });
      const text = serialiseXml(answer.iq, clientContext);
      await printer.result({ kind: answer.kind, xml: text }, () => `${printable(text)}\n`);
      if (answer.kind === 'error') throw cliErrors.CLI_REFUSED(`${to} refused: ${answer.condition}`);
    });
  });
}

function parsed(text: string): XmlElement {
  const result = parseXmlText(text);
  if (result.ok) return result.value;
  throw cliErrors.CLI_USAGE(`that is no XML element: ${result.error.reason} at character ${result.error.at + 1}`);
}
