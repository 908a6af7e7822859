/** `/object/instance/resource/resource-instance`, cut short at any level; no ids at all is the root. */
export interface Lwm2mPath {
  readonly objectId?: number;
  readonly objectInstanceId?: number;
  readonly resourceId?: number;
  readonly resourceInstanceId?: number;
}
