import { Code, ContentFormat, type IncomingRequest } from '@yaolian/coap';
import { type Result, success, toSeconds } from '@yaolian/kernel';
import type { ObjectLinksReader, ReadObjectLinks } from '../object-links.ts';
import { legacyLinkFormat } from './legacy-formats.ts';
import { defaultServerLimits, type ServerLimits } from './limits.ts';
import { parseProfileIds } from './profiles.ts';
import { type Refusal, refuse } from './refusal.ts';
import { decodeRegisterParameters, type RegisterParameters } from './register-parameters.ts';
import type { Registration } from './registration.ts';

/** A Register that may be judged. */
export interface RegisterRequest extends RegisterParameters {
  readonly endpoint: string;
  readonly links: ReadObjectLinks | undefined;
  /** The lists to be added, by Profile ID (LwM2M 1.2). */
  readonly profileIds: readonly string[];
}

/** An Update that may be carried out; what is undefined stays as it is. */
export interface UpdateRequest extends RegisterParameters {
  readonly links: ReadObjectLinks | undefined;
  readonly profileIds: readonly string[];
}

export interface RequestRules {
  readonly limits: ServerLimits;
  readonly links: ObjectLinksReader;
  readonly lwm2mVersions: readonly string[];
  readonly objectLinksRequired: boolean;
}

/**
 * Reads a Register: `POST /rd?ep=…&lt=…&lwm2m=…&b=…` with an object list (OMA-TS-LightweightM2M 1.0 §5.3.1, §8.2.3; 1.1 core
 * §6.2.1, transport §6.4.3).
 */
export function decodeRegister(request: IncomingRequest, rules: RequestRules): Result<RegisterRequest, Refusal> {
  const parameters = decodeParameters(request, rules);
  if (!parameters.ok) return parameters;
  const { endpoint, lwm2mVersion } = parameters.value;
  if (endpoint === undefined) return refuse(Code.BadRequest, 'endpoint-missing', 'ep is missing');
  if (lwm2mVersion !== undefined && !isSupported(lwm2mVersion, rules)) {
    // OMA-TS-LightweightM2M 1.0 §8.2.3: 4.12 for a version that the server does not support.
    const supported = rules.lwm2mVersions.join(', ');
    return refuse(Code.PreconditionFailed, 'version-unsupported', `lwm2m is none of ${supported}`);
  }
  const unfit = checkBinding(parameters.value) ?? checkEndless(parameters.value, lwm2mVersion ?? '1.0', rules);
  if (unfit) return unfit;
  const profileIds = decodeProfileIds(parameters.value);
  if (!profileIds.ok) return profileIds;
  if (request.payload.length === 0 && profileIds.value.length === 0 && rules.objectLinksRequired) {
    return refuse(Code.BadRequest, 'links-missing', 'the object list is missing, such as </1/0>,</3/0>');
  }
  const links = decodeLinks(request, rules);
  return links.ok
    ? success({ ...parameters.value, endpoint, links: links.value, profileIds: profileIds.value })
    : links;
}

/** The Profile IDs of LwM2M 1.2 (core §6.2.1); none when the parameter is absent. */
function decodeProfileIds({ others }: RegisterParameters): Result<readonly string[], Refusal> {
  const value = others?.['pid'];
  if (value === undefined) return success([]);
  const ids = parseProfileIds(value);
  return ids.ok ? ids : refuse(Code.BadRequest, 'profile-invalid', ids.error);
}

/**
 * Reads an Update: `POST /{location}` with any of the parameters of Register but ep, and perhaps a new object list
 * (OMA-TS-LightweightM2M 1.0 §5.3.2, 1.1 core §6.2.2).
 * @param registration whose location it is: an `ep` that repeats its own is tolerated
 */
export function decodeUpdate(
  request: IncomingRequest,
  registration: Pick<Registration, 'endpoint' | 'lwm2mVersion'>,
  rules: RequestRules,
): Result<UpdateRequest, Refusal> {
  const parameters = decodeParameters(request, rules);
  if (!parameters.ok) return parameters;
  const { lwm2mVersion } = parameters.value;
  if (parameters.value.endpoint !== undefined && parameters.value.endpoint !== registration.endpoint) {
    return refuse(Code.BadRequest, 'endpoint-changed', 'ep is not that of the registration; register again');
  }
  if (lwm2mVersion !== undefined && !isSupported(lwm2mVersion, rules)) {
    return refuse(Code.BadRequest, 'version-unsupported', `lwm2m is none of ${rules.lwm2mVersions.join(', ')}`);
  }
  const unfit =
    checkBinding(parameters.value) ?? checkEndless(parameters.value, lwm2mVersion ?? registration.lwm2mVersion, rules);
  if (unfit) return unfit;
  const profileIds = decodeProfileIds(parameters.value);
  if (!profileIds.ok) return profileIds;
  const links = decodeLinks(request, rules);
  return links.ok ? success({ ...parameters.value, links: links.value, profileIds: profileIds.value }) : links;
}

/**
 * The letters of OMA-TS-LightweightM2M 1.0 §5.3.1.1 and 1.1 and 1.2 core §6.2.1.2. Not asked is whether the version that a terminal says
 * has the letter (1.0 has no T, 1.1 has Q as a parameter of its own): what is meant is plain, and many mix them. A letter of none says
 * nothing that could be done; judged behind the version, so that a later one with more letters is answered 4.12.
 */
function checkBinding({ binding = '' }: RegisterParameters) {
  const unknown = /[^UMHTSNQ]/.exec(binding)?.[0];
  if (unknown === undefined) return undefined;
  return refuse(
    Code.BadRequest,
    'binding-invalid',
    `b is of the letters U, M, H, T, S, N and Q, and ${unknown} is none`,
  );
}

/** Since 1.1 a lifetime of 0 is for ever (Server object, resource 1); not where the operator bounds lifetimes. */
function checkEndless({ lifetime }: RegisterParameters, version: string, { limits }: RequestRules) {
  if (lifetime !== 0) return undefined;
  const isBounded = limits.maximumLifetime < defaultServerLimits.maximumLifetime;
  if (!isBounded && !/^1\.0(?:\.|$)/.test(version)) return undefined;
  const [minimum, maximum] = [toSeconds(limits.minimumLifetime), toSeconds(limits.maximumLifetime)];
  return refuse(Code.BadRequest, 'lifetime-invalid', `lt is a number of seconds from ${minimum} to ${maximum}`);
}

function decodeParameters(request: IncomingRequest, rules: RequestRules): Result<RegisterParameters, Refusal> {
  const { payload, contentFormat } = request;
  if (payload.length > 0 && !isLinkFormat(contentFormat)) {
    const message = `Content-Format ${contentFormat} is not link-format, ${ContentFormat.LinkFormat}`;
    return refuse(Code.UnsupportedContentFormat, 'content-format', message);
  }
  if (payload.length > rules.limits.maximumPayloadBytes) {
    const message = `the object list has more than ${rules.limits.maximumPayloadBytes} bytes`;
    return refuse(Code.RequestEntityTooLarge, 'payload-too-large', message);
  }
  const decoded = decodeRegisterParameters(request.query, rules.limits);
  return decoded.ok ? decoded : refuse(Code.BadRequest, decoded.error.reason, decoded.error.message);
}

/** 1541 is what terminals built on drafts of LwM2M call it. */
function isLinkFormat(contentFormat: number | undefined): boolean {
  return (
    contentFormat === undefined || contentFormat === ContentFormat.LinkFormat || contentFormat === legacyLinkFormat
  );
}

function decodeLinks(request: IncomingRequest, rules: RequestRules): Result<ReadObjectLinks | undefined, Refusal> {
  if (request.payload.length === 0) return success(undefined);
  const read = rules.links.read(request.payload);
  return read.ok ? read : refuse(Code.BadRequest, `links-${read.error.code}`, read.error.message);
}

/** `1.0.2` is 1.0 with corrections: the third number does not matter. */
function isSupported(version: string, rules: RequestRules): boolean {
  for (const supported of rules.lwm2mVersions) {
    if (version === supported || version.startsWith(`${supported}.`)) return true;
  }
  return false;
}
