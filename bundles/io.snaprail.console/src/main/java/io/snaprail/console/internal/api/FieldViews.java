package io.snaprail.console.internal.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.Preset;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.model.Sample;
import io.snaprail.api.runtime.BusStatus;
import io.snaprail.api.runtime.Commissioning;
import io.snaprail.api.runtime.RegisterMaps;
import io.snaprail.console.internal.forms.ConfigForm;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The field side as JSON: buses, inspections, drivers, runs, register maps. */
final class FieldViews {
  private FieldViews() {}

  /** Schema {@code Bus}. */
  static JsonObject bus(BusStatus bus) {
    JsonObject json = new JsonObject();
    json.addProperty("name", bus.name());
    json.add("devices", texts(bus.devices()));
    json.add("use", finite(bus.use()));
    json.add("probes", finite(bus.probes()));
    json.add("lateP99Ms", finite(bus.lateP99Ms()));
    json.addProperty("cycles", bus.cycles());
    json.addProperty("writes", bus.writes());
    json.addProperty("missedPeriods", bus.missedPeriods());
    json.addProperty("deadlineMisses", bus.deadlineMisses());
    return json;
  }

  /** Schema {@code Inspection}. */
  static JsonObject inspection(Inspection inspection) {
    JsonObject json = new JsonObject();
    json.add("facts", Views.array(inspection.facts(), FieldViews::fact));
    json.add("figures", Views.array(inspection.figures(), FieldViews::figure));
    json.add("reads", Views.array(inspection.reads(), FieldViews::read));
    return json;
  }

  private static JsonObject fact(Inspection.Fact fact) {
    JsonObject json = new JsonObject();
    json.addProperty("label", fact.label());
    json.addProperty("text", fact.text());
    return json;
  }

  /** Schema {@code Figure}. */
  static JsonObject figure(Inspection.Figure figure) {
    JsonObject json = new JsonObject();
    json.addProperty("key", figure.key());
    json.addProperty("label", figure.label());
    json.add("value", finite(figure.value()));
    json.addProperty("unit", figure.unit());
    return json;
  }

  private static JsonObject read(Inspection.Read read) {
    JsonObject json = new JsonObject();
    json.addProperty("area", read.area());
    json.addProperty("start", read.start());
    json.addProperty("count", read.count());
    json.add("spans", Views.array(read.spans(), FieldViews::span));
    return json;
  }

  private static JsonObject span(Inspection.Span span) {
    JsonObject json = new JsonObject();
    json.addProperty("start", span.start());
    json.addProperty("count", span.count());
    json.addProperty("use", span.use().name());
    json.addProperty("label", span.label());
    return json;
  }

  /** Schema {@code Driver}. */
  static JsonObject driver(
      ConfigForm form, boolean testable, List<Tool> tools, List<Preset> presets) {
    JsonObject json = new JsonObject();
    json.addProperty("pid", form.pid());
    json.addProperty("name", form.name());
    json.addProperty("description", form.description());
    json.addProperty("testable", testable);
    json.add("fields", Views.array(form.fields(), FieldViews::field));
    json.add("tools", Views.array(tools, FieldViews::tool));
    json.add("presets", Views.array(presets, FieldViews::preset));
    return json;
  }

  /** Schema {@code UplinkKind}. */
  static JsonObject uplinkKind(ConfigForm form) {
    JsonObject json = new JsonObject();
    json.addProperty("pid", form.pid());
    json.addProperty("name", form.name());
    json.addProperty("description", form.description());
    json.add("fields", Views.array(form.fields(), FieldViews::field));
    return json;
  }

  private static JsonObject preset(Preset preset) {
    JsonObject json = new JsonObject();
    json.addProperty("id", preset.id());
    json.addProperty("title", preset.title());
    json.addProperty("description", preset.description());
    json.addProperty("source", preset.source());
    JsonObject settings = new JsonObject();
    preset.settings().forEach((key, value) -> settings.add(key, SettingsJson.write(value)));
    json.add("settings", settings);
    json.add("points", texts(preset.points()));
    json.addProperty("example", preset.example());
    return json;
  }

  private static JsonObject field(ConfigForm.Field field) {
    JsonObject json = new JsonObject();
    json.addProperty("id", field.id());
    json.addProperty("label", field.label());
    json.addProperty("description", field.description());
    json.addProperty("type", field.type().name());
    json.addProperty("many", field.many());
    json.addProperty("required", field.required());
    json.addProperty("common", field.common());
    json.add("default", texts(field.initial()));
    json.add("options", Views.array(field.options(), FieldViews::option));
    json.add("min", whole(field.limits().min()));
    json.add("max", whole(field.limits().max()));
    return json;
  }

  private static JsonObject option(ConfigForm.Option option) {
    JsonObject json = new JsonObject();
    json.addProperty("value", option.value());
    json.addProperty("label", option.label());
    return json;
  }

  private static JsonObject tool(Tool tool) {
    JsonObject json = new JsonObject();
    json.addProperty("id", tool.id());
    json.addProperty("title", tool.title());
    json.addProperty("description", tool.description());
    json.add("parameters", Views.array(tool.parameters(), FieldViews::parameter));
    json.add("columns", texts(tool.columns()));
    json.addProperty("role", DriverRoutes.role(tool).name());
    json.addProperty("live", tool.live());
    return json;
  }

  private static JsonObject parameter(Tool.Parameter parameter) {
    boolean whole = parameter.kind() == Tool.Kind.WHOLE;
    JsonObject json = new JsonObject();
    json.addProperty("id", parameter.id());
    json.addProperty("label", parameter.label());
    json.addProperty("kind", parameter.kind().name());
    json.addProperty("initial", parameter.initial());
    json.add("min", whole(whole ? Long.valueOf(parameter.min()) : null));
    json.add("max", whole(whole ? Long.valueOf(parameter.max()) : null));
    json.add("choices", texts(parameter.choices()));
    return json;
  }

  /**
   * Schema {@code Run}.
   *
   * @param from the first row that is wanted, from 0
   */
  static JsonObject run(Commissioning.Run run, int from) {
    List<List<String>> rows = run.rows();
    JsonObject json = new JsonObject();
    json.addProperty("id", run.id());
    json.addProperty("title", run.title());
    json.addProperty("state", run.state().name());
    json.addProperty("message", run.message());
    json.addProperty("done", run.done());
    json.addProperty("of", run.of());
    json.add("columns", texts(run.columns()));
    int skip = (int) Math.max(0, Math.min(from - run.firstRow(), rows.size()));
    json.addProperty("rowCount", run.firstRow() + rows.size());
    json.add("rows", Views.array(rows.subList(skip, rows.size()), FieldViews::texts));
    JsonArray files = new JsonArray();
    run.files().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(file -> files.add(file(file.getKey(), file.getValue())));
    json.add("files", files);
    json.add("samples", Views.array(run.samples(), FieldViews::sample));
    return json;
  }

  private static JsonObject file(String name, String content) {
    JsonObject json = new JsonObject();
    json.addProperty("name", name);
    json.addProperty("content", content);
    return json;
  }

  private static JsonObject sample(Sample sample) {
    JsonObject json = new JsonObject();
    json.addProperty("point", sample.point());
    Views.sample(json, sample);
    return json;
  }

  /** Schema {@code Map}. */
  static JsonObject map(RegisterMaps.MapInfo map) {
    JsonObject json = new JsonObject();
    json.addProperty("name", map.name());
    json.addProperty("title", map.title());
    json.addProperty("source", map.source());
    json.add("notes", texts(map.notes()));
    json.addProperty("ready", map.ready());
    json.addProperty("points", map.points());
    json.addProperty("errors", map.errors());
    json.add("usedBy", texts(map.usedBy()));
    return json;
  }

  /** Schema {@code Check}. */
  static JsonObject check(RegisterMaps.Check check) {
    JsonObject json = new JsonObject();
    json.add("rows", Views.array(check.rows(), FieldViews::row));
    json.add("errors", Views.array(check.errors(), FieldViews::error));
    return json;
  }

  private static JsonObject row(RegisterMaps.Row row) {
    JsonObject json = new JsonObject();
    json.addProperty("line", row.line());
    json.addProperty("name", row.name());
    json.addProperty("address", row.address());
    json.addProperty("type", row.type());
    json.addProperty("unit", row.unit());
    json.addProperty("description", row.description());
    return json;
  }

  private static JsonObject error(RegisterMaps.RowError error) {
    JsonObject json = new JsonObject();
    json.addProperty("line", error.line());
    json.addProperty("column", error.column());
    json.addProperty("message", error.message());
    return json;
  }

  private static JsonArray texts(Collection<String> texts) {
    return Views.array(texts, JsonPrimitive::new);
  }

  /** JSON has no NaN: what is not known is null. */
  private static JsonElement finite(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
  }

  private static JsonElement whole(@Nullable Long value) {
    return value == null ? JsonNull.INSTANCE : new JsonPrimitive(value);
  }
}
