import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import {
  CertificateImportSchema,
  CertificateRenewalSchema,
  CertificateRequestBodySchema,
  CertificateRequestSchema,
  CertificateSchema,
  ClientAuthoritiesSchema,
} from '../schemas/certificate.ts';
import { EventSchema, eventTypes } from '../schemas/event.ts';
import { AliveSchema, HealthSchema } from '../schemas/health.ts';
import { SettingBodySchema, SettingSchema } from '../schemas/setting.ts';
import { StatusSchema } from '../schemas/status.ts';

const tag = 'Platform';

export const streamEvents = defineRoute({
  id: 'streamEvents',
  method: 'GET',
  path: '/api/v1/events',
  role: 'viewer',
  tag,
  summary: 'Follow what happens, as server-sent events',
  description:
    'A comment line comes as heartbeat. With Last-Event-ID the stream goes on after that event as long as the platform ' +
    'remembers it; otherwise it begins with stream.gap. After a restart it tells again what timelines keep, at least once, ' +
    'as far as that is known. A reader that is too slow is disconnected and may resume.',
  query: Type.Object({
    device: Type.Optional(
      Type.Array(Type.String({ maxLength: 512 }), { maxItems: 100, description: 'Device keys or endpoint names' }),
    ),
    type: Type.Optional(
      Type.Array(Type.Enum([...eventTypes]), { maxItems: 100, description: 'Types of events; absent: all' }),
    ),
    last: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1000,
        default: 0,
        description: 'Without Last-Event-ID the stream begins with so many of the last events that are remembered',
      }),
    ),
    follow: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'false: the stream ends after what is remembered, for who asks now and then',
      }),
    ),
  }),
  headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 64 })) }),
  audited: true,
  status: 200,
  response: EventSchema,
  responseType: 'text/event-stream',
  problems: ['too-many-streams'],
});

export const showStatus = defineRoute({
  id: 'showStatus',
  method: 'GET',
  path: '/api/v1/status',
  role: 'viewer',
  tag,
  summary: 'How the platform does',
  status: 200,
  response: StatusSchema,
  problems: [],
});

export const showHealth = defineRoute({
  id: 'showHealth',
  method: 'GET',
  path: '/api/v1/health',
  role: 'viewer',
  tag,
  summary: 'How each part of the platform does, and what to do where it is not well',
  description: 'The answer is 200 whatever it says: "state" tells. Supervisors ask /healthz and /readyz instead.',
  status: 200,
  response: HealthSchema,
  problems: [],
});

export const listCertificates = defineRoute({
  id: 'listCertificates',
  method: 'GET',
  path: '/api/v1/certificates',
  role: 'viewer',
  tag,
  summary: 'Which listener shows which certificate, whose certificates are believed, and until when they are valid',
  description: '`request`: what was asked of an authority, and waits for its certificate.',
  status: 200,
  response: Type.Object({
    items: Type.Array(CertificateSchema),
    request: Type.Optional(CertificateRequestSchema),
  }),
  problems: [],
});

export const renewCertificate = defineRoute({
  id: 'renewCertificate',
  method: 'POST',
  path: '/api/v1/certificates/renew',
  role: 'admin',
  tag,
  summary: 'Make the certificate anew that the platform made for itself',
  description:
    'It has another key; who connects from now on sees it, and open connections stay. Who trusted the one before is to be given it. ' +
    'One that is in files of tls.certificate is replaced there.',
  status: 200,
  response: CertificateRenewalSchema,
  problems: ['conflict'],
});

export const importCertificate = defineRoute({
  id: 'importCertificate',
  method: 'PUT',
  path: '/api/v1/certificates/imported',
  role: 'admin',
  tag,
  summary: 'Show a certificate of an authority, with its chain and key',
  description:
    'What does not go together is refused, and the one before stays. HTTPS, XMPP and CoAP over DTLS, TLS and WebSockets show it to who connects ' +
    'from now on, over restarts too; open connections stay. Without `key` it is one for the request that waits, which is over then. Where tls.certificate names files, the certificate is replaced there.',
  body: CertificateImportSchema,
  status: 200,
  response: CertificateRenewalSchema,
  problems: ['conflict', 'invalid-value'],
});

export const addCertificateRequest = defineRoute({
  id: 'addCertificateRequest',
  method: 'POST',
  path: '/api/v1/certificates/request',
  role: 'admin',
  tag,
  summary: 'Make a key pair, and the request for a certificate of it',
  description:
    'The answer goes to an authority; the certificate that comes back is imported without `key`. The private key stays on the machine, as ' +
    'DATA/tls/request.pem, and is never given out. One request waits at a time.',
  body: CertificateRequestBodySchema,
  status: 201,
  response: CertificateRequestSchema,
  problems: ['conflict', 'invalid-value'],
});

export const removeCertificateRequest = defineRoute({
  id: 'removeCertificateRequest',
  method: 'DELETE',
  path: '/api/v1/certificates/request',
  role: 'admin',
  tag,
  summary: 'Give up the request that waits for its certificate',
  description: 'Its private key is destroyed: a certificate that comes for it later is of no use.',
  status: 204,
  problems: ['not-found'],
});

export const removeCertificate = defineRoute({
  id: 'removeCertificate',
  method: 'DELETE',
  path: '/api/v1/certificates/imported',
  role: 'admin',
  tag,
  summary: 'Show the certificate that the platform made for itself again, in place of the imported one',
  description: 'The imported one stays on the machine, as DATA/tls/previous-imported.pem.',
  status: 200,
  response: CertificateRenewalSchema,
  problems: ['not-found'],
});

export const addClientAuthorities = defineRoute({
  id: 'addClientAuthorities',
  method: 'POST',
  path: '/api/v1/certificates/authorities',
  role: 'admin',
  tag,
  summary: 'Believe certificates of terminals and clients that further authorities signed',
  description:
    'From the next handshake of DTLS and TLS on, over restarts too. Those that are believed already are passed over. The list of ' +
    'certificates has them with those of tls.client-ca.',
  body: ClientAuthoritiesSchema,
  status: 201,
  response: Type.Object({ items: Type.Array(CertificateSchema) }),
  problems: ['invalid-value'],
});

export const removeClientAuthority = defineRoute({
  id: 'removeClientAuthority',
  method: 'DELETE',
  path: '/api/v1/certificates/authorities/{fingerprint}',
  role: 'admin',
  tag,
  summary: 'Believe an authority of terminals and clients no more',
  description:
    'Who comes with a certificate of it is not let in any more, and who is in by one is let go: sessions end and are not resumed, but for ' +
    'certificates that are credentials themselves. One of the file of tls.client-ca is taken out there.',
  params: Type.Object({
    fingerprint: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, hexadecimal' }),
  }),
  status: 204,
  problems: ['conflict', 'not-found'],
});

export const listSettings = defineRoute({
  id: 'listSettings',
  method: 'GET',
  path: '/api/v1/settings',
  role: 'viewer',
  tag,
  summary: 'Every setting that the platform runs with: ports, limits, behaviour',
  description:
    'They are set in the file, the environment or by flags, and hold until the next start. What is `live` may be changed while the ' +
    'platform runs.',
  status: 200,
  response: Type.Object({ items: Type.Array(SettingSchema) }),
  problems: [],
});

const setting = Type.Object({
  setting: Type.String({ minLength: 1, maxLength: 64, examples: ['history.keep'] }),
});

export const showSetting = defineRoute({
  id: 'showSetting',
  method: 'GET',
  path: '/api/v1/settings/{setting}',
  role: 'viewer',
  tag,
  summary: 'Show a setting',
  params: setting,
  status: 200,
  response: SettingSchema,
  tagged: [],
  problems: ['not-found'],
});

export const changeSetting = defineRoute({
  id: 'changeSetting',
  method: 'PUT',
  path: '/api/v1/settings/{setting}',
  role: 'admin',
  tag,
  summary: 'Change a setting while the platform runs',
  description:
    'Of those that are `live`: how long history is kept, and how much, and the profile, which holds from the next Register on. Kept in ' +
    'the data folder. What the file, the environment or a flag sets is stronger, and is not changed here. What is not to be kept any ' +
    'more is removed within ten minutes.',
  params: setting,
  body: SettingBodySchema,
  status: 200,
  response: SettingSchema,
  problems: ['not-found', 'invalid-value', 'conflict'],
});

export const resetSetting = defineRoute({
  id: 'resetSetting',
  method: 'DELETE',
  path: '/api/v1/settings/{setting}',
  role: 'admin',
  tag,
  summary: 'Give a setting its default again',
  params: setting,
  status: 200,
  response: SettingSchema,
  problems: ['not-found', 'conflict'],
});

export const showLiveness = defineRoute({
  id: 'showLiveness',
  method: 'GET',
  path: '/healthz',
  role: 'anyone',
  tag,
  summary: 'Whether the process answers; for supervisors that restart it when it does not',
  status: 200,
  response: AliveSchema,
  problems: [],
});

export const showReadiness = defineRoute({
  id: 'showReadiness',
  method: 'GET',
  path: '/readyz',
  role: 'anyone',
  tag,
  summary: 'Whether the platform takes work: it has started, does not stop, and can store; for load balancers',
  status: 200,
  response: AliveSchema,
  problems: ['unavailable'],
});

export const showMetrics = defineRoute({
  id: 'showMetrics',
  method: 'GET',
  path: '/metrics',
  role: 'viewer',
  tag,
  summary: 'Metrics in the text format of Prometheus',
  description: 'Needs no token when the setting http.public-metrics is on.',
  status: 200,
  response: Type.String(),
  responseType: 'text/plain',
  problems: [],
});

export const showOpenApi = defineRoute({
  id: 'showOpenApi',
  method: 'GET',
  path: '/openapi.json',
  role: 'anyone',
  tag,
  summary: 'This document',
  status: 200,
  response: Type.Object({}, { additionalProperties: true }),
  problems: [],
});
