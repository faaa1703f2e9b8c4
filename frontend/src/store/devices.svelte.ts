import type { DeviceNotice, DevicesView, DeviceView } from "./model";

const NONE: DevicesView = { devices: [], notices: [] };

/** The person's own devices, and what this browser's user has not yet seen of them. */
export class Devices {
  #view = $state.raw<DevicesView>(NONE);
  /** This one first, codes of paper last. */
  readonly active = $derived(
    this.#view.devices.filter(({ revoked }) => !revoked).sort((a, b) => rank(a) - rank(b)),
  );

  get notices(): readonly DeviceNotice[] {
    return this.#view.notices;
  }

  show(view: DevicesView): void {
    this.#view = view;
  }

  clear(): void {
    this.#view = NONE;
  }
}

const rank = ({ here, sort }: DeviceView): number => (here ? 0 : sort === "browser" ? 1 : 2);
