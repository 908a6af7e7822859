import type { Route, RouteBody } from './route.ts';
import type * as routes from './routes/index.ts';

type Routes = typeof routes;
type Documented = {
  [Id in keyof Routes]: Routes[Id] extends { readonly body: NonNullable<Route['body']> } ? Id : never;
}[keyof Routes];

/** Whole bodies of one route, by what they are examples of. */
export type BodyExamples<Body> = Readonly<Record<string, NonNullable<Body>>>;

const certificate = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBpjCCAU2gAwIBAgIUMJYEPWMscmlcVIu+t7oQy19Ump4wCgYIKoZIzj0EAwIw',
  'GjEYMBYGA1UEAwwPaW90LmV4YW1wbGUuY29tMCAXDTI2MTEyODE3NDE0N1oYDzIx',
  'MjYxMTA0MTc0MTQ3WjAaMRgwFgYDVQQDDA9pb3QuZXhhbXBsZS5jb20wWTATBgcq',
  'hkjOPQIBBggqhkjOPQMBBwNCAAQ9cYWkOYnu2xfqv7r4reX1PWYFcRWVvSLD6JB7',
  '4fMt9ZSP8dqU2hDNQbH5bkvTITfm6CDl/3P/j1MOqbbPjZ2po28wbTAdBgNVHQ4E',
  'FgQUhdgUT9Kuca37uE+qCXnK1dTRoj8wHwYDVR0jBBgwFoAUhdgUT9Kuca37uE+q',
  'CXnK1dTRoj8wGgYDVR0RBBMwEYIPaW90LmV4YW1wbGUuY29tMA8GA1UdEwEB/wQF',
  'MAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgN2wTbuPHYJn9LjFuvRfv4N0MI4tTb4k+',
  'BoP1D3QupGUCIF9mGT1YslxYYoHeVwt3B4qd1XmydXYvcksljW9FBU92',
  '-----END CERTIFICATE-----',
  '',
].join('\n');

const definition = `<?xml version="1.0" encoding="UTF-8"?>
<LWM2M xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="LWM2M.xsd">
  <Object ObjectType="MODefinition">
    <Name>Kettle</Name>
    <Description1>An electric kettle.</Description1>
    <ObjectID>33000</ObjectID>
    <ObjectURN>urn:oma:lwm2m:x:33000</ObjectURN>
    <LWM2MVersion>1.0</LWM2MVersion>
    <ObjectVersion>1.0</ObjectVersion>
    <MultipleInstances>Multiple</MultipleInstances>
    <Mandatory>Optional</Mandatory>
    <Resources>
      <Item ID="0">
        <Name>Target Temperature</Name>
        <Operations>RW</Operations>
        <MultipleInstances>Single</MultipleInstances>
        <Mandatory>Mandatory</Mandatory>
        <Type>Float</Type>
        <RangeEnumeration>40..100</RangeEnumeration>
        <Units>Cel</Units>
        <Description>The water is kept as warm as this.</Description>
      </Item>
    </Resources>
    <Description2></Description2>
  </Object>
</LWM2M>
`;

const devices = { devices: ['urn:imei:861111003929110', 'urn:imei:861111003929128'] };
const paths = { paths: ['/3/0/9', '/3303/0/5700'] };
const ownPassword = { password: 'correct horse battery staple' };
const signIn = {
  password: { name: 'admin', password: 'f0g1r-ykq30-atfwe-t577m' },
  secondFactor: { name: 'admin', password: 'f0g1r-ykq30-atfwe-t577m', code: '492039' },
};
const write = {
  resource: { value: 'U' },
  resourceWithInstances: { values: { '0': 'a', '1': 'b' } },
  objectInstance: { resources: { '1': 86400, '7': 'U' } },
};
const psk = {
  endpoint: 'urn:imei:861111003929110',
  kind: 'psk',
  identity: 'urn:imei:861111003929110',
  key: '000102030405060708090a0b0c0d0e0f',
} as const;

/** What a body may look like, of every route that takes one: the OpenAPI document shows them. */
export const bodyExamples: { readonly [Id in Documented]: BodyExamples<RouteBody<Routes[Id]>> } = {
  // Sessions and operators
  login: signIn,
  signIn,
  changePassword: { change: { current: 'f0g1r-ykq30-atfwe-t577m', new: 'correct horse battery staple' } },
  beginSecondFactor: { begin: ownPassword },
  confirmSecondFactor: { confirm: { code: '492039' } },
  removeSecondFactor: { remove: ownPassword },
  addOperator: { operator: { name: 'wei', role: 'operator', password: 'correct horse battery staple' } },
  changeOperator: { role: { role: 'viewer' }, password: { password: 'another horse, another staple' } },
  createToken: { token: { label: 'billing export', role: 'viewer', expiresIn: '90d' } },
  changeSetting: { duration: { value: '7d' }, number: { value: 500 }, switch: { value: true } },

  // Devices and what they do
  writeResource: write,
  updateResource: write,
  executeResource: { withArguments: { arguments: "0='reboot',1" } },
  createInstance: { instance: { instanceId: 1, resources: { '5700': 21.5, '5701': 'Cel' } } },
  writeAttributes: { periods: { pmin: 10, pmax: 60 }, removal: { gt: null } },
  readComposite: { paths },
  observeComposite: { paths },
  cancelComposite: { passive: { ...paths, mode: 'passive' } },
  writeComposite: {
    twoResources: {
      writes: [
        { path: '/1/0/1', value: 300 },
        { path: '/3/0/15', value: 'Asia/Shanghai' },
      ],
    },
  },
  startTrace: { trace: { duration: '1h' } },
  addObject: { definition },
  createBulkJob: {
    write: {
      operation: { kind: 'write', path: '/3/0/15', value: 'Asia/Shanghai' },
      devices: { vendor: 'Example', state: 'ONLINE' },
    },
    reboot: { operation: { kind: 'reboot' }, devices: { group: 'boilers' }, offline: 'wait' },
  },
  addGroup: {
    members: { name: 'boilers', note: 'In the cellar' },
    query: { name: 'old-firmware', query: { model: 'B100', version: '1.0.3' } },
  },
  changeGroup: { change: { note: 'In the cellar', query: { seenBefore: '30d' } } },
  addGroupMembers: { devices },
  removeGroupMembers: { devices },

  // Enrolment, credentials, certificates
  setEnrolment: { allowList: { mode: 'allow-list' } },
  allow: { note: { note: 'Delivery 17' } },
  importAllowed: {
    entries: {
      entries: [{ key: 'urn:imei:861111003929110', note: 'Delivery 17' }, { key: 'urn:imei:861111003929128' }],
    },
  },
  addCredential: {
    preSharedKey: psk,
    certificateName: { endpoint: 'boiler-7', kind: 'certificate-name', name: 'boiler-7.example.com' },
    oscore: {
      endpoint: 'urn:imei:861111003929128',
      kind: 'oscore',
      senderId: '01',
      recipientId: '02',
      masterSecret: '0102030405060708090a0b0c0d0e0f10',
      masterSalt: '9e7ca92223786340',
    },
  },
  importCredentials: { entries: { entries: [psk] } },
  setBootstrap: { server: { servers: [{ shortServerId: 1, uri: 'coap://192.0.2.1:5683', lifetime: 86400 }] } },
  addClientAuthorities: { authority: { certificates: certificate } },
  addCertificateRequest: {
    request: { names: ['iot.example.com', '203.0.113.7'], organization: 'Example Ltd.', country: 'CN' },
  },
  importCertificate: { forTheRequest: { certificate } },

  // Firmware
  uploadFirmware: { bytes: 'the bytes of the package, as they are' },
  startFirmwareUpdate: {
    firmware: { file: '4f1c9b2a7de05386' },
    software: { file: '4f1c9b2a7de05386', software: 'app' },
  },
  createCampaign: {
    waves: {
      name: 'Boilers to 1.1.0',
      file: '4f1c9b2a7de05386',
      devices: { model: 'B100', version: '1.0.3' },
      waves: ['1%', '10%', '50%'],
      stopAt: 0.05,
    },
  },

  // Webhooks
  addWebhook: {
    webhook: {
      url: 'https://example.com/hooks/yaolian',
      types: ['device.registered', 'device.deregistered', 'device.expired'],
      note: 'Ticket system',
    },
  },
  changeWebhook: { pause: { enabled: false } },

  // China Mobile
  issueAppKey: {
    issued: { vendor: 'Example Ltd.' },
    known: { vendor: 'Example Ltd.', appKey: 'M100000001', password: '' },
  },
  setReportGroup: {
    group: {
      appKey: 'M100000001',
      brand: 'Example',
      model: 'B100',
      fields: ['imsi', 'mac'],
      rules: { reportTime: 1440, reportNum: 10, heartBeatTime: 60, retryInterval: 5, retryNum: 3 },
    },
  },

  // Remote Access and messages
  addUser: { user: { password: 'a kettle for juliet', kind: 'user', nick: 'Juliet' } },
  setUserPassword: { password: { password: 'a kettle for juliet' } },
  tellUser: { text: { text: 'Your heating is looked after on Monday morning.' } },
  shareDevice: { account: { name: 'boiler', confirms: true } },
  setRaConfirmation: { confirms: { confirms: true } },
  createRoom: { room: { room: 'family@rooms.im.example.com', owner: 'juliet', name: 'Family', membersOnly: true } },
  configureRoom: { change: { description: 'Who is at home?', moderated: true } },
  setRoomAffiliation: { member: { affiliation: 'member', reason: 'Moved in' } },

  // Homes
  registerAtHome: { account: { name: 'ann', password: 'a kettle for ann', nick: 'Ann' } },
  signInAtHome: { user: { name: 'ann', password: 'a kettle for ann' } },
  changeHomePassword: { change: { current: 'a kettle for ann', new: 'another kettle for ann' } },
  removeHomeAccount: { removal: { password: 'a kettle for ann' } },
  bindHomeDevice: { device: { device: 'lamp', code: '7K3M-9QXA', name: 'Lamp', groups: ['Kitchen'] } },
  renameHomeDevice: { names: { name: 'Lamp', groups: ['Kitchen'] } },
  writeHomeResource: { value: { value: true } },
  executeHomeResource: { withArguments: { arguments: "0='boil'" } },
  setHomeGrant: {
    user: { user: 'ben', feature: '*', operations: ['read', 'observe'], expiresAt: '2026-12-31T23:59:59.000Z' },
    friends: { class: 'friend', feature: 'urn:oma:lwm2m:ext:3303', operations: ['read'] },
  },
  askHomeFriend: { friend: { user: 'ben' } },
  readHomeNews: { read: { upTo: 42 } },
};
