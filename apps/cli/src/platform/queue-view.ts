import type { JsonAskedValue, JsonQueuedRequest, QueuedState } from '@yaolian/contract';
import { printable } from '../output/display-width.ts';
import type { Paint } from '../output/paint.ts';
import type { Printer } from '../output/printer.ts';
import type { Column, Fact } from '../output/table.ts';
import { localTime, relativeTime } from '../output/time.ts';
import { describeCoapCode, describeNode, summariseNode } from './node-view.ts';

/** Says that a request waits for its device, and how to hear of it. */
export async function showQueued(printer: Printer, request: JsonQueuedRequest): Promise<void> {
  const { id, device, operation, paths, expiresAt } = request;
  await printer.result(request, () => {
    const what = printable(`${operation} ${paths.join(' ')}`);
    const until = `until ${localTime(expiresAt)}`;
    return `${printable(device)} does not listen now: "${what}" waits as request ${id}, ${until}.\n`;
  });
  await printer.note(`See its outcome with: yaolian queue wait ${id}`);
}

const paints: Readonly<Record<QueuedState, Paint>> = {
  queued: 'bold',
  sent: 'bold',
  done: 'green',
  refused: 'red',
  failed: 'red',
  expired: 'yellow',
  cancelled: 'dim',
};

export const queueColumns = (now: number): readonly Column<JsonQueuedRequest>[] => [
  { title: 'ID', value: ({ id }) => id, align: 'right' },
  { title: 'DEVICE', value: ({ device }) => device, shrinks: true },
  { title: 'OPERATION', value: ({ operation }) => operation },
  { title: 'PATH', value: ({ paths }) => paths.join(' '), shrinks: true },
  { title: 'STATE', value: ({ state }) => state, paint: ({ state }) => paints[state] },
  { title: 'QUEUED', value: ({ createdAt }) => relativeTime(createdAt, now) },
  { title: 'OUTCOME', value: (request) => outcomeOf(request, now), shrinks: true },
];

function outcomeOf(request: JsonQueuedRequest, now: number): string {
  const { state, coapCode, reason, node, expiresAt } = request;
  if (state === 'queued' || state === 'sent') return `expires ${relativeTime(expiresAt, now)}`;
  if (node) return summariseNode(node);
  return [coapCode === undefined ? '' : describeCoapCode(coapCode), reason ?? '']
    .filter((part) => part !== '')
    .join(': ');
}

function valueText({ node, hidden = [], shortened }: JsonAskedValue): string {
  if (node === undefined && hidden.length === 0 && !shortened) return 'removed';
  const told = [...(node ? [summariseNode(node)] : []), ...(hidden.length > 0 ? ['what is secret is not shown'] : [])];
  return `${told.join(', ')}${shortened ? ' …' : ''}`;
}

function askedFacts({ asked }: JsonQueuedRequest): readonly Fact[] {
  const { values = [], arguments: given, attributes } = asked ?? {};
  const written = values.map((one): Fact => [`Value of ${one.path}`, valueText(one)]);
  return [...written, ['Arguments', given], ['Attributes', attributes]];
}

/** All there is to say of a request. */
export function describeQueued(request: JsonQueuedRequest, printer: Printer): string {
  const { node, values = [], coapCode, reason } = request;
  const facts = printer.facts([
    ['Request', String(request.id)],
    ['Device', request.device],
    ['Operation', `${request.operation} ${request.paths.join(' ')}`],
    ...askedFacts(request),
    ['State', request.state, paints[request.state]],
    ['Attempts', String(request.attempts)],
    ['Queued', localTime(request.createdAt)],
    request.finishedAt === undefined
      ? ['Expires', localTime(request.expiresAt)]
      : (['Finished', localTime(request.finishedAt)] satisfies Fact),
    ['Answer', coapCode === undefined ? undefined : describeCoapCode(coapCode)],
    ['Reason', reason],
    ['Created', request.path],
  ]);
  const nodes = [node, ...values.map((one) => one.node)].filter((one) => one !== undefined);
  return [facts, ...nodes.map((one) => describeNode(one, printer))].join('\n');
}
