import { Code, formatCoapUri, type IncomingResponse, isSuccess, type OutgoingRequest } from '@yaolian/coap';
import { Argument, type Command, Option } from 'commander';
import { type Cli, type CommandRun, completeFiles, completeWith, onRun } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { writeBytes } from '../files.ts';
import { addExamples, type Example } from '../help.ts';
import { readPayload } from './payload.ts';
import { addPayloadOptions, addRequestOptions, buildRequest, type PayloadOptions } from './request-options.ts';
import { groupEndpoint, isGroup, uriArgument } from './resolve.ts';
import { describeResponse, refusalOf, responseJson } from './response-view.ts';
import { type CoapSession, defaultTimeout, withSession } from './session.ts';

interface MethodCommand {
  readonly name: string;
  readonly method: number;
  readonly summary: string;
  readonly takesPayload: boolean;
  readonly examples: readonly Example[];
}

const methods: readonly MethodCommand[] = [
  {
    name: 'get',
    method: Code.GET,
    summary: 'read a resource',
    takesPayload: false,
    examples: [
      ['Read a resource; the scheme may be left out', 'yaolian coap get coap://192.0.2.7/sensors/temperature'],
      ['As JSON, by IPv6, with the messages shown', 'yaolian coap get -v -a json "coap://[2001:db8::7]/3/0"'],
      ['Over TLS, trusting one certificate', 'yaolian coap get coaps+tcp://iot.example.com/3/0 --ca server.pem'],
      ['Keep a binary answer as it is', 'yaolian coap get 192.0.2.7/firmware --output firmware.bin'],
    ],
  },
  {
    name: 'put',
    method: Code.PUT,
    summary: 'write a resource',
    takesPayload: true,
    examples: [
      ['Write a text', 'yaolian coap put 192.0.2.7/lamp/color -t text red'],
      ['Write a file, in blocks of 256 bytes', 'yaolian coap put 192.0.2.7/firmware -t opaque --file new.bin -b 256'],
      ['Only if there is nothing yet (If-None-Match)', 'yaolian coap put 192.0.2.7/lamp/name -O 5 kitchen'],
    ],
  },
  {
    name: 'post',
    method: Code.POST,
    summary: 'send something to a resource to be processed',
    takesPayload: true,
    examples: [
      ['Send JSON from standard input', `echo '{"on":true}' | yaolian coap post 192.0.2.7/actions -t json -`],
      ['Without an acknowledgement', 'yaolian coap post --non 192.0.2.7/log hello'],
    ],
  },
  {
    name: 'delete',
    method: Code.DELETE,
    summary: 'delete a resource',
    takesPayload: false,
    examples: [['Delete a resource', 'yaolian coap delete 192.0.2.7/rd/5a']],
  },
  {
    name: 'fetch',
    method: Code.FETCH,
    summary: 'read a part of a resource that the payload describes (RFC 8132)',
    takesPayload: true,
    examples: [['Ask with SenML', `yaolian coap fetch 192.0.2.7/values -t senml-json '[{"n":"temperature"}]'`]],
  },
  {
    name: 'patch',
    method: Code.PATCH,
    summary: 'change a part of a resource (RFC 8132)',
    takesPayload: true,
    examples: [
      ['Apply a JSON merge patch (content format 52)', `yaolian coap patch 192.0.2.7/settings -t 52 '{"led":null}'`],
    ],
  },
  {
    name: 'ipatch',
    method: Code.iPATCH,
    summary: 'change a part of a resource, idempotently (RFC 8132)',
    takesPayload: true,
    examples: [['Set one member', `yaolian coap ipatch 192.0.2.7/settings -t 52 '{"led":"on"}'`]],
  },
];

interface MethodOptions extends PayloadOptions {
  readonly output?: string;
}

export function registerMethodCommands(parent: Command, cli: Cli): void {
  for (const definition of methods) {
    const command = parent.command(definition.name).summary(definition.summary).description(sentence(definition));
    command.addArgument(uriPlace());
    if (definition.takesPayload) {
      command.addArgument(new Argument('[payload]', 'what to send; - reads standard input'));
      addPayloadOptions(command);
    }
    command.addOption(
      completeWith(
        new Option('-o, --output <file>', 'write the payload of the answer to a file, as it is; - is standard output'),
        completeFiles,
      ),
    );
    addRequestOptions(command, 'groups');
    addExamples(command, definition.examples);
    onRun<MethodOptions>(cli, command, (run) => request(run, definition.method));
  }
}

export function uriPlace(): Argument {
  return new Argument('<uri>', 'coap://host[:port]/path[?query], or coap+tcp, coaps+tcp, coap+ws, coaps+ws');
}

function sentence({ summary, takesPayload }: MethodCommand): string {
  const first = `${summary[0]!.toUpperCase()}${summary.slice(1)}.`;
  const shown = 'Text is shown as text, anything else as a hex dump.';
  return takesPayload
    ? `${first} The payload comes from the argument, a file or standard input. ${shown}`
    : `${first} ${shown}`;
}

async function request(run: CommandRun<MethodOptions>, method: number): Promise<void> {
  const { options, signal, host } = run;
  const uri = uriArgument(run.args[0]!);
  const payload = await readPayload(host, run.args[1], options.file);
  const question = buildRequest(method, uri, options, payload);
  await withSession(run, uri, async (session) => {
    if (isGroup(session.peer)) return await requestGroup(run, session, question, formatCoapUri(uri));
    const timeout = options.timeout ?? defaultTimeout;
    const response = await session.endpoint.request(session.peer, question, { signal, timeout });
    if (options.output === undefined || !isSuccess(response.code)) return await show(run, response, formatCoapUri(uri));
    await writeBytes(run.printer, options.output, response.payload);
  });
}

async function show({ printer }: CommandRun<MethodOptions>, response: IncomingResponse, uri: string): Promise<void> {
  const refusal = refusalOf(uri, response);
  if (refusal === undefined || printer.json) {
    await printer.result(responseJson(response), () => describeResponse(response, printer.isTerminal));
  }
  if (refusal !== undefined) throw cliErrors.CLI_REFUSED(refusal);
}

/** Shows what every member of the group says, as it comes. */
async function requestGroup(
  { options, signal, printer }: CommandRun<MethodOptions>,
  { datagrams, peer }: CoapSession,
  question: OutgoingRequest,
  uri: string,
): Promise<void> {
  if (options.output !== undefined)
    throw cliErrors.CLI_USAGE(`${uri} is a group, and many may answer; leave out --output`);
  let writing = Promise.resolve();
  const onResponse = (response: IncomingResponse): void => {
    const describe = () => `${response.peer.address.key}\n${describeResponse(response, printer.isTerminal)}`;
    writing = writing.then(() => printer.result(responseJson(response), describe));
  };
  const window = options.timeout === undefined ? {} : { window: options.timeout };
  const responses = await groupEndpoint(datagrams, uri).requestGroup(peer, question, { signal, onResponse, ...window });
  await writing;
  if (responses.length === 0) throw cliErrors.CLI_TIMEOUT(`nobody in the group ${uri} answered`);
}
