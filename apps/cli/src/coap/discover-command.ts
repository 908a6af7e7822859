import {
  type CoapUri,
  Code,
  decodeLinks,
  describeLinkRefusal,
  formatCoapUri,
  type IncomingResponse,
  type Link,
  linkAttribute,
  type OutgoingRequest,
} from '@yaolian/coap';
import type { Command } from 'commander';
import { type Cli, type CommandRun, onRun } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { contentFormatName } from './content-formats.ts';
import { uriPlace } from './request-command.ts';
import { addRequestOptions, buildRequest, type RequestOptions } from './request-options.ts';
import { groupEndpoint, isGroup, uriArgument } from './resolve.ts';
import { refusalOf } from './response-view.ts';
import { type CoapSession, defaultTimeout, withSession } from './session.ts';

/** What a person may want to see; a server that says more is not well. */
const limits = { maximumLength: 16 * 1024 * 1024, maximumLinks: 500_000, maximumAttributes: 256 };

export function registerDiscoverCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('discover')
    .summary('list the resources of a server, or of every server in a group')
    .description(
      'List the resources of a server (GET /.well-known/core, RFC 6690), or of every server that answers to a multicast group: 224.0.1.187 and [ff02::fd] are all CoAP nodes, and they may take five seconds. A query filters; * at its end stands for anything.',
    )
    .addArgument(uriPlace());
  addRequestOptions(command, 'groups');
  addExamples(command, [
    ['What one server has', 'yaolian coap discover coap://192.0.2.7'],
    ['Only its temperatures', 'yaolian coap discover "coap://192.0.2.7?rt=temperature*"'],
    ['Who is there? All IPv4 nodes', 'yaolian coap discover coap://224.0.1.187'],
    ['All IPv6 nodes of one link', 'yaolian coap discover "coap://[ff02::fd%eth0]"'],
  ]);
  onRun<RequestOptions>(cli, command, discover);
}

async function discover(run: CommandRun<RequestOptions>): Promise<void> {
  const given = uriArgument(run.args[0]!);
  const uri = given.path.length === 0 ? { ...given, path: ['.well-known', 'core'] } : given;
  const question = buildRequest(Code.GET, uri, run.options);
  await withSession(run, uri, (session) =>
    isGroup(session.peer) ? discoverGroup(run, session, uri, question) : discoverServer(run, session, uri, question),
  );
}

async function discoverServer(
  { options, signal, printer }: CommandRun<RequestOptions>,
  { endpoint, peer }: CoapSession,
  uri: CoapUri,
  question: OutgoingRequest,
): Promise<void> {
  const response = await endpoint.request(peer, question, { signal, timeout: options.timeout ?? defaultTimeout });
  const refusal = refusalOf(formatCoapUri(uri), response);
  if (refusal !== undefined) throw cliErrors.CLI_REFUSED(refusal);
  const links = decodeLinks(response.payload, limits);
  if (!links.ok)
    throw cliErrors.CLI_REFUSED(`${formatCoapUri(uri)} sent no link-format: ${describeLinkRefusal(links.error)}`);
  await printer.result({ peer: peer.key, links: links.value.map(linkJson) }, () =>
    links.value.length === 0 ? 'No resources.\n' : printer.table(links.value, linkColumns(links.value)),
  );
}

interface HostLink {
  readonly host: string;
  readonly link: Link;
}

/** With JSON a line for each server as it answers; for people one table when the time is over. */
async function discoverGroup(
  { options, signal, printer }: CommandRun<RequestOptions>,
  { datagrams, peer }: CoapSession,
  uri: CoapUri,
  question: OutgoingRequest,
): Promise<void> {
  const rows: HostLink[] = [];
  let answers = 0;
  let writing = Promise.resolve();
  const onResponse = (response: IncomingResponse): void => {
    const links = decodeLinks(response.payload, limits);
    const host = response.peer.address.key;
    if (response.code !== Code.Content) return;
    answers++;
    if (!links.ok) {
      writing = writing.then(() => printer.note(`${host} sent no link-format: ${describeLinkRefusal(links.error)}`));
      return;
    }
    rows.push(...links.value.map((link) => ({ host, link })));
    if (printer.json)
      writing = writing.then(() => printer.result({ peer: host, links: links.value.map(linkJson) }, () => ''));
  };
  const window = options.timeout === undefined ? {} : { window: options.timeout };
  await groupEndpoint(datagrams, formatCoapUri(uri)).requestGroup(peer, question, { signal, onResponse, ...window });
  await writing;
  if (answers === 0)
    throw cliErrors.CLI_TIMEOUT(`nobody in the group ${formatCoapUri({ ...uri, path: [], query: [] })} answered`);
  if (!printer.json) await printer.raw(printer.table(rows, groupColumns(rows)));
}

/** `{ "target": "/a", "attributes": { "rt": "x", "obs": true } }`; of attributes that come twice the first counts. */
function linkJson({ target, attributes }: Link): object {
  const named: Record<string, string | true> = Object.create(null);
  for (const { name, value } of attributes) if (!(name in named)) named[name] = value ?? true;
  return { target, attributes: { ...named } };
}

const describedApart: readonly string[] = ['rt', 'if', 'ct', 'sz', 'obs', 'title'];

function linkColumns(links: readonly Link[]): readonly Column<Link>[] {
  const attribute = (name: string) => (link: Link) => linkAttribute(link, name);
  const hasOthers = links.some((link) => othersOf(link) !== '');
  return [
    { title: 'RESOURCE', value: (link) => link.target, shrinks: true },
    { title: 'TYPE', value: attribute('rt'), shrinks: true },
    { title: 'INTERFACE', value: attribute('if'), shrinks: true },
    { title: 'FORMATS', value: (link) => linkAttribute(link, 'ct')?.split(/ +/).map(formatName).join(' ') },
    { title: 'SIZE', value: attribute('sz'), align: 'right' },
    { title: 'OBSERVE', value: (link) => (linkAttribute(link, 'obs') === undefined ? undefined : 'yes') },
    { title: 'TITLE', value: attribute('title'), shrinks: true },
    ...(hasOthers ? [{ title: 'OTHER', value: othersOf, shrinks: true }] : []),
  ];
}

function formatName(text: string): string {
  return /^\d{1,5}$/.test(text) ? contentFormatName(Number(text)) : text;
}

function othersOf(link: Link): string {
  return link.attributes
    .filter(({ name }) => !describedApart.includes(name))
    .map(({ name, value }) => (value === undefined ? name : `${name}=${value}`))
    .join(' ');
}

function groupColumns(rows: readonly HostLink[]): readonly Column<HostLink>[] {
  const columns = linkColumns(rows.map(({ link }) => link));
  return [
    { title: 'SERVER', value: ({ host }) => host },
    ...columns.map(
      ({ value, paint: _, ...column }): Column<HostLink> => ({ ...column, value: ({ link }) => value(link) }),
    ),
  ];
}
