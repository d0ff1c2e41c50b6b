package io.snaprail.deploy.internal.engine;

import io.snaprail.deploy.internal.Services;
import io.snaprail.deploy.internal.archive.Admission;
import io.snaprail.deploy.internal.fetch.Fetcher;
import io.snaprail.deploy.internal.framework.FrameworkBundles;
import io.snaprail.deploy.internal.framework.Guard;
import io.snaprail.deploy.internal.framework.Swap;
import io.snaprail.deploy.internal.store.StateFile;
import java.time.Clock;
import java.util.List;

/**
 * What the deployment works with.
 *
 * @param files what is deployed, on disk
 * @param fetcher where bundles come from
 * @param admission which may be deployed
 * @param framework where they run
 * @param swap how they get there
 * @param guard what is kept out
 * @param services of others
 * @param clock for time stamps and certificates
 * @param notes what people should know of the settings
 */
public record Parts(
    StateFile files,
    Fetcher fetcher,
    Admission admission,
    FrameworkBundles framework,
    Swap swap,
    Guard guard,
    Services services,
    Clock clock,
    List<String> notes) {}
