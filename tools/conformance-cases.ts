/**
 * The cases of OMA's LwM2M Enabler Test Specification (ETS 1.2) and of ETSI's CoAP plugtests: ids, titles and whose behaviour each judges.
 * Procedures are ours; a test carries the id of its case in its title.
 */

/** Why a case has no test yet, and the issue that brings it. */
export const reasons: Readonly<Record<string, string>> = {};

/** Reasons of cases that tests play for all roles, but not whole. */
export const partly: ReadonlySet<Reason> = new Set();

export type Reason = string;

export interface OmaCase {
  /** `1.1-int-101`; in titles after `LightweightM2M-`. */
  readonly id: string;
  readonly title: string;
  /** Whose behaviour the case judges: S server, BS bootstrap server, C client. */
  readonly roles: readonly ('S' | 'BS' | 'C')[];
  /** Present when it is not expected to be tested by every role yet. */
  readonly reason: Reason | undefined;
}

type Row = readonly [id: string, title: string, roles: string, reason?: Reason];

const rows: readonly Row[] = [
  ['1.1-int-0', 'Client Initiated Bootstrap', 'BS,C'],
  ['1.1-int-1', 'Client Initiated Bootstrap Full (PSK)', 'BS,C,S'],
  ['1.1-int-2', 'Client Initiated Bootstrap Full (Cert)', 'BS,C,S'],
  ['1.1-int-3', 'Simple Bootstrap from Smartcard', 'C,S'],
  ['1.1-int-4', 'Bootstrap Delete', 'BS,C'],
  ['1.1-int-5', 'Server Initiated Bootstrap', 'S,C,BS'],
  ['1.1-int-6', 'Bootstrap Sequence', 'C'],
  ['1.1-int-7', 'Fallback to bootstrap', 'C,BS,S'],
  ['1.1-int-8', 'Bootstrap Read', 'BS,C'],
  ['1.1-int-9', 'Bootstrap and Configuration Consistency (Finish -> 4.06)', 'BS,C'],
  ['1.1-int-10', 'Client Initiated Bootstrap Full (EST)', 'C,BS,S'],
  ['1.2-int-11', 'Client Initiated Bootstrap (OSCORE)', 'BS,C'],
  ['1.2-int-12', 'Bootstrap via Bootstrap-Pack-Request', 'BS,C,S'],
  ['1.2-int-19', 'Client Initiated Bootstrap over MQTT', 'BS,C'],
  ['1.1-int-101', 'Initial Registration', 'C,S'],
  ['1.1-int-102', 'Registration Update', 'S,C'],
  ['1.1-int-103', 'Deregistration', 'S,C'],
  ['1.1-int-104', 'Registration Update Trigger', 'S,C'],
  ['1.1-int-105', 'Discarded Register Update (server must answer 4.04)', 'S,C'],
  ['1.1-int-106', 'TCP Binding (CSM exchange)', 'C,S'],
  ['1.1-int-107', 'Extending the lifetime of a registration', 'S,C'],
  ['1.1-int-108', 'Turn on Queue Mode', 'S,C'],
  ['1.1-int-109', 'Behavior in Queue Mode (server queues, sends after next Update)', 'S,C'],
  ['1.2-int-110', 'Initial Registration using Profile ID (pid=)', 'S,C'],
  ['1.2-int-111', 'Registration with Profile ID + object list', 'S,C'],
  ['1.1-int-201', 'Querying basic information in Plain Text format', 'S,C'],
  ['1.1-int-203', 'Querying basic information in TLV format', 'S,C'],
  ['1.1-int-204', 'Querying basic information in JSON format', 'S,C'],
  ['1.1-int-205', 'Setting basic information in Plain Text format', 'S,C'],
  ['1.1-int-211', 'Querying basic information in CBOR format', 'S,C'],
  ['1.1-int-212', 'Setting basic information in CBOR format', 'S,C'],
  ['1.1-int-215', 'Setting basic information in TLV format', 'S,C'],
  ['1.1-int-220', 'Setting basic information in JSON format', 'S,C'],
  ['1.1-int-221', 'Attempt to perform operations on Security object (4.01)', 'C,S'],
  ['1.1-int-222', 'Read on Object', 'S,C'],
  ['1.1-int-223', 'Read on Object Instance', 'S,C'],
  ['1.1-int-224', 'Read on Resource', 'S,C'],
  ['1.1-int-225', 'Read on Resource Instance', 'S,C'],
  ['1.1-int-226', 'Write (Partial Update) on Object Instance', 'S,C'],
  ['1.1-int-227', 'Write (replace) on Resource', 'S,C'],
  ['1.1-int-228', 'Write on Resource Instance', 'S,C'],
  ['1.1-int-229', 'Read-Composite Operation', 'S,C'],
  ['1.1-int-230', 'Write-Composite Operation', 'S,C'],
  ['1.1-int-231', 'Querying basic information in SenML JSON format', 'S,C'],
  ['1.1-int-232', 'Querying basic information in SenML CBOR format', 'S,C'],
  ['1.1-int-233', 'Setting basic information in SenML CBOR format', 'S,C'],
  ['1.1-int-234', 'Setting basic information in SenML JSON format', 'S,C'],
  ['1.1-int-235', 'Read-Composite Operation on root path', 'S,C'],
  ['1.1-int-236', 'Read-Composite - Partial Presence', 'S,C'],
  ['1.1-int-237', 'Read on Object without specifying Content-Type (no Accept)', 'S,C'],
  ['1.1-int-241', 'Executable Resource: Rebooting the device', 'S,C'],
  ['1.1-int-256', 'Write Operation Failure', 'C,S'],
  ['1.1-int-257', 'Write-Composite Operation (Server + Device)', 'S,C'],
  ['1.1-int-260', 'Discover Command', 'S,C'],
  ['1.1-int-261', 'Write-Attribute Operation on a multiple resource', 'S,C'],
  ['1.2-int-264', 'Discover with depth 1', 'S,C'],
  ['1.2-int-266', 'Discover with depth 3', 'S,C'],
  ['1.1-int-280', 'Successful Read-Composite Operation', 'S,C'],
  ['1.1-int-281', 'Partially Successful Read-Composite Operation', 'S,C'],
  ['1.1-int-301', 'Observation and Notification of parameter values', 'S,C'],
  ['1.1-int-302', 'Cancel Observations using Reset Operation', 'S,C'],
  ['1.1-int-303', 'Cancel observations using Observe with Cancel parameter', 'S,C'],
  ['1.1-int-304', 'Observe-Composite Operation', 'S,C'],
  ['1.1-int-305', 'Cancel Observation-Composite Operation', 'S,C'],
  ['1.1-int-306', 'Send Operation', 'S,C'],
  ['1.1-int-307', 'Muting Send', 'S,C'],
  ['1.1-int-308', 'Observe-Composite and Creating Object Instance', 'S,C'],
  ['1.1-int-309', 'Observe-Composite and Deleting Object Instance', 'S,C'],
  ['1.1-int-310', 'Observe-Composite and modification of parameter values', 'S,C'],
  ['1.1-int-311', 'Send command', 'S,C'],
  ['1.2-int-312', 'Observe with attributes carried as parameters', 'S,C'],
  ['1.2-int-313', 'Observe parameters override attached attributes', 'S,C'],
  ['1.1-int-401', 'UDP Channel Security - Pre-shared Key Mode', 'S,C'],
  ['1.1-int-402', 'UDP Channel Security - Certificate Mode', 'S,C'],
  ['1.1-int-403', 'UDP Certificate Mode - server identity (hostname) failure', 'C'],
  ['1.1-int-404', 'TCP/TLS Channel Security - Certificate Mode', 'C,BS,S'],
  ['1.1-int-405', 'OSCORE', 'S,C'],
  ['1.1-int-406', 'TCP/TLS Channel Security - Pre-shared Key Mode', 'C,BS,S'],
  ['1.1-int-651', 'Device: Check Access to the Resources', 'S,C'],
  ['1.1-int-652', 'Device: Querying the firmware version from the client', 'S,C'],
  ['1.1-int-680', 'Device: Create Object Instance (must fail 4.05)', 'C,S'],
  ['1.1-int-685', 'Device: Delete Object Instance (must fail 4.05)', 'C,S'],
  ['1.1-int-701', 'Connectivity Monitoring: Querying the readable resources', 'S,C'],
  ['1.1-int-710', 'Connectivity Monitoring: Basic Observation and notification', 'S,C'],
  ['1.1-int-751', 'Firmware Update: Querying the readable resources', 'S,C'],
  ['1.1-int-755', 'Firmware Update: Setting the writable Resource Package', 'S,C'],
  ['1.1-int-756', 'Firmware Update: Setting the writable Resource Package URI', 'S,C'],
  ['1.1-int-760', 'Firmware Update: Basic Observation and notification', 'S,C'],
  ['1.1-int-770', 'Firmware Update: Successful Firmware update (via CoAP, push)', 'S,C'],
  ['1.1-int-771', 'Firmware Update: Successful Firmware update (via alternative mechanism / URI, pull)', 'S,C'],
  ['1.1-int-772', 'Firmware Update Error 1: installation without downloaded package', 'C,S'],
  ['1.1-int-773', 'Firmware Update Error 2: shortage of storage memory', 'C,S'],
  ['1.1-int-774', 'Firmware Update Error 3: out of memory', 'C,S'],
  ['1.1-int-775', 'Firmware Update Error 4: connection lost during download (package URI)', 'C,S'],
  ['1.1-int-776', 'Firmware Update Error 5: package integrity check failure', 'C,S'],
  ['1.1-int-777', 'Firmware Update Error 6: unsupported package type', 'C,S'],
  ['1.1-int-778', 'Firmware Update Error 7: invalid URI (package URI)', 'C,S'],
  ['1.1-int-779', 'Firmware Update Error 8: unsuccessful firmware update', 'C,S'],
  ['1.1-int-801', 'Location: Querying the readable resources', 'S,C'],
  ['1.1-int-810', 'Location: Basic Observation and notification', 'S,C'],
  ['1.1-int-901', 'Connectivity Statistics: Querying a data collection', 'S,C'],
  ['1.1-int-905', 'Connectivity Statistics: Setting the writable resources', 'S,C'],
  ['1.1-int-910', 'Connectivity Statistics: Basic Observation and notification', 'S,C'],
  ['1.1-int-950', 'Multi-Servers Registration', 'S,C'],
  ['1.1-int-951', 'Multi-Servers & Attributes', 'S,C'],
  ['1.1-int-1200', 'Cellular Connectivity (10): Querying the readable resources', 'S,C'],
  ['1.1-int-1201', 'Cellular Connectivity (10 v1.1): Querying the readable resources', 'S,C'],
  ['1.1-int-1202', 'Cellular Connectivity (10 v1.1): Setting Power Saving Mode', 'S,C'],
  ['1.1-int-1203', 'Cellular Connectivity (10 v1.1): Observe Power Saving Mode', 'S,C'],
  ['1.1-int-1204', 'Cellular Connectivity (10): Observe timers', 'S,C'],
  ['1.1-int-1250', 'APN connection profile (11): APN configuration', 'S,C'],
  ['1.1-int-1350', 'Bearer Selection (13)', 'S,C'],
  ['1.1-int-1630', 'Create Portfolio Object Instance', 'S,C'],
  ['1.1-int-1635', 'Delete Portfolio Object Instance(s)', 'S,C'],
  ['1.1-int-1900', 'BinaryAppDataContainer (19): Discover + Observe', 'S,C'],
  ['1.1-int-1901', 'BinaryAppDataContainer (19): Write Data', 'S,C'],
  ['1.1-int-2000', 'Event Log (20): set LogStart', 'S,C'],
  ['1.1-int-2001', 'Event Log (20): Querying the readable resources', 'S,C'],
];

export const omaCases: readonly OmaCase[] = rows.map(([id, title, roles, reason]) => ({
  id,
  title,
  roles: roles.split(',') as OmaCase['roles'],
  reason,
}));

export interface EtsiCase {
  readonly id: string;
  readonly title: string;
}

const etsi = (family: string, titles: readonly string[]): EtsiCase[] =>
  titles.map((title, index) => ({ id: `TD_COAP_${family}_${String(index + 1).padStart(2, '0')}`, title }));

export const etsiCases: readonly EtsiCase[] = [
  ...etsi('CORE', [
    'GET (CON)',
    'DELETE (CON)',
    'PUT (CON)',
    'POST (CON)',
    'GET (NON)',
    'DELETE (NON)',
    'PUT (NON)',
    'POST (NON)',
    'GET with separate response (CON, no piggyback)',
    'request containing Token',
    'non-empty Token with separate response',
    'request without Token',
    'several Uri-Path options',
    'several Uri-Query options',
    'piggybacked GET in a lossy context',
    'delayed GET in a lossy context',
    'delayed response (NON)',
    'POST, several Location-Path',
    'POST, several Location-Query',
    'Accept option',
    'ETag',
    'ETag and If-Match',
    'If-None-Match',
  ]),
  ...etsi('LINK', [
    'well-known/core',
    'well-known/core, filtered',
    'empty prefix values',
    'several values of rt',
    'filter on if',
    'filter on sz',
    'filter on href, complete value',
    'filter on href, prefix',
    'hierarchical links',
  ]),
  ...etsi('BLOCK', [
    'large GET, early negotiation',
    'large GET, late negotiation',
    'large PUT',
    'large POST that creates',
    'large POST with a large response',
    'large GET, random access',
  ]),
  ...etsi('OBS', [
    'observe with CON',
    'observe with NON',
    'stop observing',
    'client detects deregistration (Max-Age)',
    'server detects that the client is off',
    'server detects deregistration (RST)',
    'observers cleaned on DELETE',
    'observers cleaned when the Content-Format changes',
    'update of an observed resource',
    'plain GET does not cancel an observation',
  ]),
];
