package io.snaprail.driver.modbus.internal.sunspec;

import io.snaprail.api.driver.DriverException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Finds out which SunSpec models a device has, and makes a register map of them. */
public final class SunSpecDiscovery {
  private static final int COMMON = 1;

  /** Where the model 1 has its texts, and their types. */
  private static final Map<Integer, String> IDENTITY = Map.of(2, "string(32)", 18, "string(32)");

  private static final String SOURCE =
      "SunSpec information models (github.com/sunspec/models), found on the device: ";

  private final Registers registers;
  private final int longest;
  private final boolean all;

  /** Where the results go. */
  public interface Report {
    /**
     * A model.
     *
     * @param address of its number
     * @param remark what is odd about it; may be empty
     */
    void model(int id, String title, String address, int length, String remark);

    /** How far it is. */
    void progress(int done, int of, String text);
  }

  /**
   * What was found.
   *
   * @param map text of the register map
   * @param points that it has
   * @param trouble what is wrong with the device's models; empty when nothing is
   */
  public record Result(String map, int points, String trouble) {}

  /**
   * A discovery.
   *
   * @param longest read that the device answers, 1..125 registers
   * @param all whether points that have no value now are points of the map, or only comments in it
   */
  public SunSpecDiscovery(Registers registers, int longest, boolean all) {
    this.registers = registers;
    this.longest = longest;
    this.all = all;
  }

  /**
   * Looks for the models.
   *
   * @throws DriverException when the device does not answer, or is none of SunSpec
   */
  public Result run(Report report) throws DriverException, InterruptedException {
    Chain chain = Chain.find(registers);
    if (chain == null) {
      throw DriverException.refused(
          "no SunSpec device: expected 'SunS' at 4x40001, 4x50001 or 4x0001, found it at none");
    }
    SunSpecMap map = new SunSpecMap(longest, all);
    StringJoiner title = new StringJoiner(" ");
    StringJoiner ids = new StringJoiner(", ");
    List<Chain.Found> found = chain.models();
    for (int i = 0; i < found.size(); i++) {
      Chain.Found each = found.get(i);
      report.progress(i, found.size(), "model " + each.id());
      Model model = Models.all().get(each.id());
      ids.add(Integer.toString(each.id()));
      if (model != null) {
        Chain.Found inside = model.within(each);
        Content content = Content.read(registers, inside, longest);
        map.add(model, inside, content);
        identify(each, content, title);
      }
      tell(report, model, each);
    }
    comments(map, chain, title.toString(), ids.toString());
    return new Result(map.text(), map.points(), chain.trouble());
  }

  private static void identify(Chain.Found found, Content content, StringJoiner title) {
    if (found.id() == COMMON && title.length() == 0) {
      IDENTITY.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .map(text -> content.text(text.getValue(), text.getKey()))
          .filter(text -> !text.isEmpty())
          .forEach(title::add);
    }
  }

  private static void tell(Report report, @Nullable Model model, Chain.Found found) {
    String remark = "not known here: left out of the map";
    if (model != null) {
      boolean longer = model.open() && found.length() > model.length();
      boolean fits =
          found.equals(model.within(found)) && (longer || found.length() == model.length());
      // Model 1 may lack the register that only fills it up.
      boolean padless = model.id() == COMMON && found.length() == model.length() - 1;
      remark =
          fits || padless
              ? ""
              : "expected a length of "
                  + model.length()
                  + (model.open() ? " or somewhat more" : "")
                  + ": only points within are in the map";
    }
    report.model(
        found.id(),
        model == null ? "" : model.title(),
        Place.of(found.address()),
        found.length(),
        remark);
  }

  private static void comments(SunSpecMap map, Chain chain, String title, String ids) {
    map.comment("title", (title.isEmpty() ? "SunSpec device" : title) + " (SunSpec)");
    map.comment("source", SOURCE + ids + ", from " + Place.of(chain.base()));
    map.comment("note", "a comment is a point that had no value when the map was made");
    if (!chain.trouble().isEmpty()) {
      map.comment("note", chain.trouble().replaceAll("\\p{Cntrl}", " "));
    }
  }

  /** A name for the file of a map: what was asked for, made fit to be one. */
  public static String fileName(String wanted) {
    String name =
        wanted
            .toLowerCase(Locale.ROOT)
            .replaceAll("\\.csv$", "")
            .replaceAll("[^\\p{L}\\p{Nd}_.-]+", "-");
    String trimmed = name.replaceAll("^[.-]+|-+$", "");
    return (trimmed.isEmpty() ? "sunspec" : trimmed) + ".csv";
  }
}
