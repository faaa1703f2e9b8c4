import type { Connection, SessionView } from "./model";

const UNKNOWN: SessionView = {
  stage: "loading",
  me: null,
  organisation: null,
  factors: [],
  notice: null,
  offline: false,
  presence: true,
};

/** Who is here, and whether the host answers. */
export class Session {
  #view = $state.raw<SessionView>(UNKNOWN);
  #connection = $state.raw<Connection>({ state: "connecting", since: 0, clockOff: false, restored: null });

  get view(): SessionView {
    return this.#view;
  }

  get stage(): SessionView["stage"] {
    return this.#view.stage;
  }

  get me(): SessionView["me"] {
    return this.#view.me;
  }

  get connection(): Connection {
    return this.#connection;
  }

  show(view: SessionView): void {
    this.#view = view;
  }

  connect(connection: Connection): void {
    this.#connection = connection;
  }
}
