package io.snaprail.storage.internal.spool;

import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.SpoolFactory;
import io.snaprail.api.uplink.SpoolSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens spools in {@code spool/NAME} of the data folder. */
@Component(service = SpoolFactory.class)
public final class SpoolsComponent implements SpoolFactory {
  private static final String FOLDER = "spool";

  private final Function<String, Volume> volumes;
  private final ProblemBoard board;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Set<String> open = ConcurrentHashMap.newKeySet();

  /** Called by the service component runtime. */
  @Activate
  public SpoolsComponent(BundleContext context, @Reference ProblemBoard board) {
    this(folders(context), board, Clock.systemUTC(), System::nanoTime);
  }

  /** For use without a framework: spools in folders of the given one. */
  public SpoolsComponent(Path folder, ProblemBoard board) {
    this(
        name -> new FolderVolume(folder.resolve(fileName(name))),
        board,
        Clock.systemUTC(),
        System::nanoTime);
  }

  SpoolsComponent(
      Function<String, Volume> volumes, ProblemBoard board, Clock clock, LongSupplier nanoTime) {
    this.volumes = volumes;
    this.board = board;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  private static Function<String, Volume> folders(BundleContext context) {
    String data = context.getProperty(RuntimeProperties.DATA_DIR);
    if (data == null || data.isBlank()) {
      throw new IllegalStateException(
          "the framework property "
              + RuntimeProperties.DATA_DIR
              + " is not set; the launcher sets it to a folder");
    }
    return name -> new FolderVolume(Path.of(data, FOLDER, fileName(name)));
  }

  /** Any name as a folder's: what is not a letter, digit, {@code _ -} is written as {@code %XX}. */
  static String fileName(String name) {
    StringBuilder file = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b == '_' || b == '-' || (b > 0 && Character.isLetterOrDigit(b));
      file.append(plain ? String.valueOf((char) b) : String.format("%%%02X", b));
    }
    return file.toString();
  }

  @Override
  public Spool open(String name, SpoolSettings settings) {
    if (!open.add(name)) {
      throw new IllegalStateException(
          "a spool named '" + name + "' is open already: two uplinks have the same name");
    }
    Core core = new Core(settings, clock, nanoTime);
    Volume volume = volumes.apply(name);
    core.nextId = Recovery.firstId(volume);
    Committer committer = new Committer(core, volume, name, new SpoolProblems(board, name));
    committer.start();
    return new DiskSpool(core, committer, () -> open.remove(name));
  }
}
