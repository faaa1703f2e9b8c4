import type { DeviceId, DeviceRecord, KeyLog } from "../crypto";
import { sameBytes, toText } from "../crypto";
import type * as body from "../protocol";
import type { DeviceView } from "../store/model";

/** The log says which devices there are; the host says when each was used last, and by what. */
export function deviceViews(log: KeyLog, here: DeviceId, host: body.Devices): readonly DeviceView[] {
  return [...log.devices.values()].map((device) => viewOf(device, here, host));
}

function viewOf(device: DeviceRecord, here: DeviceId, { devices, removals }: body.Devices): DeviceView {
  const id = toText(device.id);
  const said = devices.find((one) => one.device === id);
  return {
    id,
    sort: device.sort,
    here: sameBytes(device.id, here),
    added: device.at,
    used: said?.last_used ?? null,
    browser: said?.browser ?? null,
    platform: said?.platform ?? null,
    revoked: device.revoked !== null,
    removal: removals.find((one) => one.device === id)?.due ?? null,
  };
}
