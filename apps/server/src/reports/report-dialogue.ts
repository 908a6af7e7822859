import {
  encodeFieldConfiguration,
  encodeRuleConfiguration,
  parseProfileBName,
  parseProfileCName,
  profileOfName,
  type ReportedValues,
  readReport,
  readReportInformation,
  reportConfiguration,
  reportedFields,
  reportInformation,
  type VendorCiphers,
} from '@yaolian/china-mobile-dm';
import { formatCode } from '@yaolian/coap';
import { failure, type Result, success } from '@yaolian/kernel';
import { coversPath, formatPath, type Lwm2mNode, type Lwm2mPath, nodeValues, singleResource } from '@yaolian/lwm2m';
import type { Answer, Lwm2mServer, Registration, SentEvent } from '@yaolian/lwm2m/server';
import type { ReportGroups } from './report-groups.ts';

/** What a dialogue brought. */
export interface DialogueOutcome extends ReportedValues {
  /** What the terminal refused on the way, in sentences. */
  readonly notes: readonly string[];
}

export interface DialogueParts {
  readonly server: Lwm2mServer;
  readonly ciphers: VendorCiphers;
  readonly groups: ReportGroups;
}

const informationPath: Lwm2mPath = { objectId: reportInformation.id, objectInstanceId: 0 };
const reportPath: Lwm2mPath = {
  objectId: reportedFields.id,
  objectInstanceId: 0,
  resourceId: reportedFields.named.report.id,
};

/**
 * Asks a registered terminal of profile B or C what it has to report. A failure is a sentence: it said no, or something that is no
 * report.
 * @throws YaolianError of the server when it could not be asked
 */
export async function reportDialogue(
  registration: Registration,
  parts: DialogueParts,
  signal?: AbortSignal,
): Promise<Result<DialogueOutcome, string>> {
  const kind = profileOfName(registration.endpoint);
  if (kind === 'b') return informationOf(registration, parts, signal);
  if (kind === 'c') return reportOf(registration, parts, signal);
  return failure('its endpoint name is of neither profile B nor profile C');
}

/** Profile B: object 666, all of it at once; resource by resource where a terminal refuses that. */
async function informationOf(
  registration: Registration,
  { server, ciphers }: DialogueParts,
  signal: AbortSignal | undefined,
): Promise<Result<DialogueOutcome, string>> {
  const name = parseProfileBName(registration.endpoint);
  const cipher = name.ok ? ciphers.of(name.value.appKey) : undefined;
  if (!cipher) return failure('its appKey is revoked');
  const options = signal ? { signal } : {};
  const answer = await server.read(registration, informationPath, options);
  if (answer.ok) {
    return success({ ...readReportInformation(textsOf(informationPath, answer.value.node), cipher), notes: [] });
  }
  const refusal = `it refuses ${formatPath(informationPath)}: ${refusalText(answer)}`;
  const values: [number, string][] = [];
  for (const { id } of reportInformation.resources.values()) {
    const path = { ...informationPath, resourceId: id };
    const one = await server.read(registration, path, options);
    if (one.ok) values.push(...textsOf(path, one.value.node));
  }
  if (values.length === 0) return failure(refusal);
  return success({ ...readReportInformation(values, cipher), notes: [refusal] });
}

function textsOf(path: Lwm2mPath, node: Lwm2mNode): [number, string][] {
  const values: [number, string][] = [];
  for (const { path: at, value } of nodeValues(path, node)) {
    if (at.resourceId !== undefined && typeof value === 'string') values.push([at.resourceId, value]);
  }
  return values;
}

/** The report in what a terminal of profile C sent unasked (669/0/1); undefined when there is none in it. */
export function sentReport(event: SentEvent, ciphers: VendorCiphers): Result<ReportedValues, string> | undefined {
  if (!event.instances.some((instance) => coversPath(instance, reportPath))) return undefined;
  const values = event.values.flatMap(({ path, values: moments }) =>
    moments.flatMap(({ node }) => textsOf(path, node).filter(() => path.objectId === reportPath.objectId)),
  );
  const text = values.findLast(([id]) => id === reportPath.resourceId)?.[1];
  if (text === undefined) return undefined;
  const name = parseProfileCName(event.registration.endpoint);
  const cipher = name.ok ? ciphers.of(name.value.appKey) : undefined;
  return cipher ? readReport(text, cipher) : failure('its appKey is revoked');
}

/** Profile C: configuration first (668/0/1, 2 and, where the group moves, 3), then the report, 669/0/1. */
async function reportOf(
  registration: Registration,
  { server, ciphers, groups }: DialogueParts,
  signal: AbortSignal | undefined,
): Promise<Result<DialogueOutcome, string>> {
  const name = parseProfileCName(registration.endpoint);
  const cipher = name.ok ? ciphers.of(name.value.appKey) : undefined;
  if (!name.ok || !cipher) return failure('its appKey is revoked');
  const group = groups.of(name.value);
  const { fields, rules, address } = reportConfiguration.named;
  const notes: string[] = [];
  const options = signal ? { signal } : {};
  const write = async (resourceId: number, text: string) => {
    const path = { objectId: reportConfiguration.id, objectInstanceId: 0, resourceId };
    const answer = await server.write(registration, path, singleResource(resourceId, 'string', text), options);
    // What it refuses to take does not keep us from reading what it has.
    if (!answer.ok) notes.push(`it refuses ${formatPath(path)}: ${refusalText(answer)}`);
  };
  await write(fields.id, encodeFieldConfiguration(group.fields));
  await write(rules.id, encodeRuleConfiguration(group.rules));
  if (group.address !== undefined) await write(address.id, group.address);
  const answer = await server.read(registration, reportPath, options);
  if (!answer.ok) return failure(`it refuses ${formatPath(reportPath)}: ${refusalText(answer)}`);
  const { node } = answer.value;
  if (node.kind !== 'resource' || typeof node.value !== 'string') return failure('the report is no text');
  const report = readReport(node.value, cipher);
  return report.ok ? success({ ...report.value, notes }) : report;
}

function refusalText(answer: Extract<Answer<unknown>, { readonly ok: false }>): string {
  const { code, diagnostic } = answer.error;
  return `${formatCode(code)}${diagnostic === '' ? '' : ` (${diagnostic})`}`;
}
