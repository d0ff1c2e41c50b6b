package io.snaprail.localiot.internal.broker;

/** Why a connection has ended, as presence events say (developer guide, "Lifecycle events"). */
enum DisconnectReason {
  /** It may not do what it tried. */
  AUTH_ERROR,
  /** It said goodbye. */
  CLIENT_INITIATED_DISCONNECT,
  /** It broke a rule of the protocol or a quota. */
  CLIENT_ERROR,
  /** The network ended it. */
  CONNECTION_LOST,
  /** Another connection has its client id. */
  DUPLICATE_CLIENTID,
  /** Nothing was heard for 1.5 times its keep-alive. */
  MQTT_KEEP_ALIVE_TIMEOUT,
  /** The endpoint wanted it. */
  SERVER_INITIATED_DISCONNECT
}
