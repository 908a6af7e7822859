import type { XmlElement } from '@yaolian/xmpp';
import { jingleNamespaces } from '../../channel/jingle.ts';
import { raNamespaces } from '../../namespaces.ts';
import { setPoint } from '../bench.ts';
import { needs } from '../unjudged.ts';
import { askedCase } from './asked-case.ts';
import type { ClientBench } from './client-bench.ts';
import type { ClientCase } from './client-suite.ts';

const { data, device: deviceNamespace, firmware, history, permission } = raNamespaces;

const lamp = ({ bench }: ClientBench) => ({ device: bench.address('device') });
const toDevice = ({ device }: Readonly<Record<string, string>>) => device!;
const owning = (bench: ClientBench) => needs(bench.isBound, 'it owns no device');

/** GB/T 29265.205 §13. */
export const userDiscoveryCases: readonly ClientCase[] = [
  askedCase({
    id: '13-2',
    title: 'it asks for its contacts (RFC 6121 §2.2)',
    zh: '查询联系人（RFC 6121 §2.2）',
    en: () => 'show your contacts',
    zhStep: () => '显示联系人',
    message: ['query', 'jabber:iq:roster'],
    type: 'get',
    to: ({ account }) => account!,
    facts: ({ address }) => ({ account: address }),
    sinceLogin: true,
  }),
  askedCase({
    id: '13-3',
    title: 'it asks what its device is',
    zh: '查询其设备是什么',
    en: ({ device }) => `show type, vendor and model of ${device}`,
    zhStep: ({ device }) => `显示 ${device} 的类型、厂商和型号`,
    facts: lamp,
    message: ['device', deviceNamespace],
    to: toDevice,
    sinceLogin: true,
    before: owning,
  }),
  askedCase({
    id: '13-4',
    title: 'it looks for devices among its own',
    zh: '在自己的设备中查找',
    en: () => 'look for those of your devices that are online',
    zhStep: () => '在自己的设备中查找在线的设备',
    message: ['search', deviceNamespace],
    wants: () => ({ state: 'online' }),
    before: owning,
  }),
  {
    id: '13-5',
    title: 'it says that its user is away (RFC 6121 §4.7.2.1)',
    zh: '告知其用户离开（RFC 6121 §4.7.2.1）',
    async run(bench) {
      const begin = bench.watch.stanzas.length;
      const step = { id: '13-5', en: 'say that you are away', zh: '将状态设为离开' };
      const isAway = (stanza: XmlElement) =>
        stanza.name === 'presence' && ['away', 'xa', 'dnd'].includes(stanza.childText('show') ?? '');
      await bench.step(step, () => bench.watch.since(begin).find(isAway));
    },
  },
  {
    id: '13-6',
    title: 'that its device goes and comes back leaves it as it is',
    zh: '其设备离线后又上线，不影响其运行',
    async run(bench) {
      owning(bench);
      await bench.leavesConnected(async () => {
        await bench.bench.leaveDevice();
        return [];
      });
      await bench.leavesConnected(async () => {
        await bench.bench.device();
        return [];
      });
    },
  },
];

/** §11.2, §11.3, §11.6. */
export const userRequestCases: readonly ClientCase[] = [
  askedCase({
    id: '11.2-13',
    title: 'it observes no more',
    zh: '取消订阅',
    en: ({ device, path }) => `stop observing ${path} of ${device}`,
    zhStep: ({ device, path }) => `取消订阅 ${device} 的 ${path}`,
    facts: (bench) => ({ ...lamp(bench), path: setPoint }),
    message: ['cancel', data],
    wants: ({ path }) => ({ path: path! }),
    to: toDevice,
    before: owning,
  }),
  askedCase({
    id: '11.2-14',
    title: 'it asks for the firmware of its device, and takes that there is none here',
    zh: '查询其设备的固件，并接受此处没有固件的答复',
    en: ({ device }) => `show the firmware of ${device}`,
    zhStep: ({ device }) => `显示 ${device} 的固件`,
    facts: lamp,
    message: ['firmware', firmware],
    to: toDevice,
    before: owning,
  }),
  askedCase({
    id: '11.2-15',
    title: 'it updates the firmware of its device, and takes the refusal',
    zh: '更新其设备的固件，并接受拒绝',
    en: ({ device }) => `update the firmware of ${device}; it is refused`,
    zhStep: ({ device }) => `更新 ${device} 的固件；会被拒绝`,
    facts: lamp,
    message: ['update', firmware],
    to: toDevice,
    before: owning,
  }),
  askedCase({
    id: '11.2-16',
    title: 'it gives an update of firmware up, and takes the refusal',
    zh: '放弃固件更新，并接受拒绝',
    en: ({ device }) => `give the update of ${device} up; it is refused`,
    zhStep: ({ device }) => `放弃 ${device} 的固件更新；会被拒绝`,
    facts: lamp,
    message: ['cancel', firmware],
    to: toDevice,
    before: owning,
  }),
  askedCase({
    id: '11.2-17',
    title: 'it asks what a value of its device was, and takes the answer or the refusal',
    zh: '查询其设备某个值的历史，并接受答复或拒绝',
    en: ({ device, path }) => `show the history of ${path} of ${device}`,
    zhStep: ({ device, path }) => `显示 ${device} 的 ${path} 的历史`,
    facts: (bench) => ({ ...lamp(bench), path: setPoint }),
    message: ['history', history],
    type: 'get',
    wants: ({ path }) => ({ path: path! }),
    to: toDevice,
    before: owning,
  }),
  askedCase({
    id: '11.6-1',
    title: 'it asks for a channel, and takes that there is none',
    zh: '请求建立通道，并接受没有通道的答复',
    en: ({ device, name }) => `open the channel "${name}" of ${device}; it is refused`,
    zhStep: ({ device, name }) => `打开 ${device} 的通道“${name}”；会被拒绝`,
    facts: (bench) => ({ ...lamp(bench), name: 'web' }),
    message: ['jingle', jingleNamespaces.jingle],
    wants: () => ({ action: 'session-initiate' }),
    to: toDevice,
    before: owning,
  }),
];

/** §9. */
export const userPermissionCase: ClientCase = askedCase({
  id: '9-3',
  title: 'it asks what is permitted on its device',
  zh: '查询对其设备授予了哪些权限',
  en: ({ device }) => `show what is permitted on ${device}`,
  zhStep: ({ device }) => `显示对 ${device} 授予的权限`,
  facts: lamp,
  message: ['permissions', permission],
  wants: ({ device }) => ({ device: device! }),
  before: owning,
});
