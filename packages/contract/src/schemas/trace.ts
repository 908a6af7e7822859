import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';

export const TraceSchema = Type.Object(
  {
    subject: Type.String({ description: 'The endpoint name of the device; "*": everything' }),
    recording: Type.Boolean(),
    startedAt: TimeSchema,
    until: TimeSchema,
    messages: Type.Integer({ description: 'How many are kept' }),
    bytes: Type.Integer({ description: 'What they take' }),
    forgotten: Type.Integer({ description: 'How many had to go for newer ones' }),
  },
  { title: 'Trace' },
);

export const traceDirections = ['in', 'out', 'event'] as const;

const messageHead = {
  number: Type.Integer({ description: 'Counts up in its trace' }),
  time: TimeSchema,
  direction: Type.Enum([...traceDirections], { description: 'in: from the device; event: no message' }),
  transport: Type.String({ examples: ['coap', 'coaps', 'coap+tcp'] }),
  peer: Type.String({ examples: ['192.0.2.7:56830'] }),
  device: Type.Optional(Type.String({ description: 'The endpoint name; absent: nobody is registered there' })),
  title: Type.String({ examples: ['CON GET Read /3/0/9'] }),
  operation: Type.Optional(
    Type.String({ description: "LwM2M's word for the request, or for what a response answers" }),
  ),
  path: Type.Optional(Type.String({ examples: ['/3/0/9'] })),
  pathName: Type.Optional(Type.String({ examples: ['Device / 0 / Battery Level'] })),
  note: Type.Optional(
    Type.String({ description: 'duplicate, retransmission, repeated answer, or why it was dropped' }),
  ),
  length: Type.Integer({ description: 'Bytes on the wire, or of the message' }),
};

export const TraceMessageSchema = Type.Object(messageHead, { title: 'TraceMessage' });

export const TraceFieldSchema = Type.Object(
  {
    depth: Type.Integer({ description: 'How deep it is in the layer; 0: at its top' }),
    name: Type.String({ examples: ['Message ID'] }),
    value: Type.String({ examples: ['0x4a1b (18971)'] }),
    start: Type.Integer({ description: 'Where its bytes begin' }),
    end: Type.Integer({ description: 'Where they end; equal to start: it has none of its own' }),
  },
  { title: 'TraceField' },
);

export const TraceLayerSchema = Type.Object(
  {
    name: Type.String({ examples: ['DTLS', 'CoAP', 'OSCORE', 'LwM2M'] }),
    title: Type.String(),
    bytes: Type.Enum(['wire', 'message', 'plaintext'], { description: 'Of which bytes the fields speak' }),
    start: Type.Integer(),
    end: Type.Integer(),
    fields: Type.Array(TraceFieldSchema),
  },
  { title: 'TraceLayer' },
);

export const TraceMessageDetailSchema = Type.Object(
  {
    ...messageHead,
    layers: Type.Array(TraceLayerSchema),
    wire: Type.Optional(Type.String({ description: 'The datagram as DTLS sent it, in hexadecimal' })),
    message: Type.Optional(
      Type.String({ description: 'The CoAP message with the framing of its transport, in hexadecimal' }),
    ),
    plaintext: Type.Optional(
      Type.String({ description: 'What OSCORE had inside: code, options and payload (RFC 8613 §5.3), in hexadecimal' }),
    ),
  },
  { title: 'TraceMessageDetail' },
);

export const FollowedMessageSchema = Type.Object(
  { subject: Type.String({ description: 'As it was asked for' }), message: TraceMessageSchema },
  { title: 'FollowedMessage' },
);

export type JsonFollowedMessage = Static<typeof FollowedMessageSchema>;
export type JsonTrace = Static<typeof TraceSchema>;
export type JsonTraceMessage = Static<typeof TraceMessageSchema>;
export type JsonTraceMessageDetail = Static<typeof TraceMessageDetailSchema>;
export type JsonTraceField = Static<typeof TraceFieldSchema>;
export type JsonTraceLayer = Static<typeof TraceLayerSchema>;
