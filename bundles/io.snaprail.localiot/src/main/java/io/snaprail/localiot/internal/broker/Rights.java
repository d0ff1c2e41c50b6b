package io.snaprail.localiot.internal.broker;

import io.snaprail.localiot.internal.policy.Decision;

/** What one client may do. */
interface Rights {
  /** May do everything. */
  Rights ALL =
      new Rights() {
        @Override
        public Decision connect() {
          return Decision.ALLOWED;
        }

        @Override
        public Decision publish(String topic) {
          return Decision.ALLOWED;
        }

        @Override
        public Decision retain(String topic) {
          return Decision.ALLOWED;
        }

        @Override
        public Decision receive(String topic) {
          return Decision.ALLOWED;
        }

        @Override
        public Decision subscribe(String filter) {
          return Decision.ALLOWED;
        }
      };

  /** Whether it may connect. */
  Decision connect();

  /** Whether it may publish on a topic. */
  Decision publish(String topic);

  /** Whether what it publishes on a topic may be retained. */
  Decision retain(String topic);

  /** Whether it is sent what comes on a topic. */
  Decision receive(String topic);

  /** Whether it may subscribe to a filter. */
  Decision subscribe(String filter);
}
