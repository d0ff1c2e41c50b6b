package io.snaprail.deploy;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the deployment. */
@ObjectClassDefinition(
    name = "Deployment of bundles",
    description = "Which bundles may come to this gateway, and from where")
public @interface DeployConfig {
  @AttributeDefinition(
      description =
          "Whether bundles must be signed; then nothing else runs, whatever way it came in. False"
              + " is for development")
  boolean require_signature() default true;

  @AttributeDefinition(
      description = "Set of trusted roots in the certificate store: who may sign bundles")
  String roots() default "deploy";

  @AttributeDefinition(
      description = "Symbolic names that may be deployed, with * and ?; none for none",
      required = false)
  String[] allow() default {};

  @AttributeDefinition(
      description = "Hosts that bundles may come from and support bundles may go to, with * and ?",
      required = false)
  String[] hosts() default {"*.amazonaws.com"};

  @AttributeDefinition(
      description =
          "Set of trusted roots for these hosts; empty for the JDK's, which hold the public ones",
      required = false)
  String hosts_roots() default "";

  @AttributeDefinition(description = "Largest bundle in bytes, 65536..67108864")
  long max_bytes() default 33_554_432;

  @AttributeDefinition(description = "Longest download in seconds, 10..86400")
  int download_timeout_s() default 1_800;

  @AttributeDefinition(
      description = "Seconds for which a bundle is watched before it is kept, 1..300")
  int trial_s() default 10;
}
