export * from '../channel/index.ts';
export * from './account-client.ts';
export * from './device.ts';
export { type DeviceResource, DeviceResources } from './device-resources.ts';
export * from './errors.ts';
export {
  type DeviceSearch,
  type DeviceState,
  type FoundDevice,
  Home,
  type HomeBookmark,
  type HomeDevice,
  type HomeOwner,
  type Permission,
  RemoteDevice,
  type ResourcePlace,
} from './home.ts';
export * from './pushes.ts';
export * from './refused.ts';
