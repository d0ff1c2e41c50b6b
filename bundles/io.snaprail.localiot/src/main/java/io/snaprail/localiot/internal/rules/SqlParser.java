package io.snaprail.localiot.internal.rules;

import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code SELECT ... FROM 'filter' WHERE ...}. */
final class SqlParser {
  /** Functions, and how many arguments they may have: from, to. */
  private static final Map<String, int[]> FUNCTIONS =
      Map.of(
          "topic", new int[] {0, 1},
          "timestamp", new int[] {0, 0},
          "clientid", new int[] {0, 0},
          "upper", new int[] {1, 1},
          "lower", new int[] {1, 1});

  private static final int DEPTH = 40;

  /** Longest statement. */
  private static final int LENGTH = 4096;

  private final SqlTokens tokens;
  private int depth;

  private SqlParser(SqlTokens tokens) {
    this.tokens = tokens;
  }

  /** Reads a statement. */
  static Statement parse(String sql) throws RuleException {
    checkLength(sql);
    return new SqlParser(new SqlTokens(sql)).statement();
  }

  /** Reads an expression that stands alone. */
  static Expression expression(String text) throws RuleException {
    checkLength(text);
    SqlParser parser = new SqlParser(new SqlTokens(text));
    Expression expression = parser.or();
    parser.end();
    return expression;
  }

  private static void checkLength(String sql) throws RuleException {
    if (sql.length() > LENGTH) {
      throw RuleException.sql(
          "expected at most %d characters, found %d".formatted(LENGTH, sql.length()));
    }
  }

  private Statement statement() throws RuleException {
    tokens.require("SELECT");
    List<Statement.Item> items = new ArrayList<>();
    do {
      items.add(item());
    } while (tokens.take(","));
    tokens.require("FROM");
    String filter = tokens.require(SqlTokens.Kind.TEXT, "a topic filter in single quotes").text();
    Expression where = tokens.take("WHERE") ? or() : null;
    end();
    return new Statement(items, TopicFilter.of(filter), where);
  }

  private void end() throws RuleException {
    if (tokens.peek().kind() != SqlTokens.Kind.END) {
      throw tokens.expected("the end");
    }
  }

  private Statement.Item item() throws RuleException {
    if (tokens.take("*")) {
      return new Statement.Item("", null);
    }
    Expression expression = or();
    if (tokens.take("AS")) {
      return new Statement.Item(tokens.require(SqlTokens.Kind.WORD, "a name").text(), expression);
    }
    if (expression instanceof Expression.Path path) {
      return new Statement.Item(path.names().get(path.names().size() - 1), expression);
    }
    throw tokens.expected("AS and a name for what is not a field");
  }

  private Expression or() throws RuleException {
    enter();
    Expression left = and();
    while (tokens.take("OR")) {
      left = new Expression.Binary("OR", left, and());
    }
    depth--;
    return left;
  }

  private Expression and() throws RuleException {
    Expression left = not();
    while (tokens.take("AND")) {
      left = new Expression.Binary("AND", left, not());
    }
    return left;
  }

  private Expression not() throws RuleException {
    if (!tokens.take("NOT")) {
      return comparison();
    }
    enter();
    Expression operand = not();
    depth--;
    return new Expression.Unary("NOT", operand);
  }

  private Expression comparison() throws RuleException {
    Expression left = sum();
    for (String operator : List.of("=", "<>", "!=", "<", "<=", ">", ">=")) {
      if (tokens.take(operator)) {
        return new Expression.Binary(operator.equals("!=") ? "<>" : operator, left, sum());
      }
    }
    return left;
  }

  private Expression sum() throws RuleException {
    Expression left = product();
    String operator = taken("+", "-");
    while (operator != null) {
      left = new Expression.Binary(operator, left, product());
      operator = taken("+", "-");
    }
    return left;
  }

  private Expression product() throws RuleException {
    Expression left = factor();
    String operator = taken("*", "/", "%");
    while (operator != null) {
      left = new Expression.Binary(operator, left, factor());
      operator = taken("*", "/", "%");
    }
    return left;
  }

  private @Nullable String taken(String... operators) {
    for (String operator : operators) {
      if (tokens.take(operator)) {
        return operator;
      }
    }
    return null;
  }

  private Expression factor() throws RuleException {
    if (tokens.take("-")) {
      enter();
      Expression operand = factor();
      depth--;
      return new Expression.Unary("-", operand);
    }
    if (tokens.take("(")) {
      Expression inner = or();
      tokens.require(")");
      return inner;
    }
    SqlTokens.Token token = tokens.peek();
    return switch (token.kind()) {
      case NUMBER -> new Expression.Literal(number(tokens.next().text()));
      case TEXT -> new Expression.Literal(new JsonPrimitive(tokens.next().text()));
      case WORD -> word();
      default -> throw tokens.expected("a value");
    };
  }

  private static JsonPrimitive number(String text) {
    return text.indexOf('.') < 0
        ? new JsonPrimitive(Long.parseLong(text))
        : new JsonPrimitive(Double.parseDouble(text));
  }

  private Expression word() throws RuleException {
    SqlTokens.Token token = tokens.peek();
    String lower = token.text().toLowerCase(Locale.ROOT);
    if (List.of("from", "where", "as", "and", "or", "select").contains(lower)) {
      throw tokens.expected("a value");
    }
    tokens.next();
    if (tokens.take("(")) {
      return call(lower, token);
    }
    switch (lower) {
      case "true", "false" -> {
        return new Expression.Literal(new JsonPrimitive(Boolean.parseBoolean(lower)));
      }
      case "null" -> {
        return new Expression.Literal(JsonNull.INSTANCE);
      }
      default -> {
        List<String> names = new ArrayList<>(List.of(token.text()));
        while (tokens.take(".")) {
          names.add(tokens.require(SqlTokens.Kind.WORD, "a field").text());
        }
        return new Expression.Path(List.copyOf(names));
      }
    }
  }

  private Expression call(String function, SqlTokens.Token token) throws RuleException {
    int[] allowed = FUNCTIONS.get(function);
    if (allowed == null) {
      throw RuleException.sql(
          "function '%s' at character %d is not known here: expected topic, timestamp, clientid, upper or lower"
              .formatted(token.text(), token.column()));
    }
    List<Expression> arguments = new ArrayList<>();
    if (!tokens.take(")")) {
      do {
        arguments.add(or());
      } while (tokens.take(","));
      tokens.require(")");
    }
    if (arguments.size() < allowed[0] || arguments.size() > allowed[1]) {
      throw RuleException.sql(
          "function '%s' at character %d: expected %d..%d arguments, found %d"
              .formatted(token.text(), token.column(), allowed[0], allowed[1], arguments.size()));
    }
    return new Expression.Call(function, List.copyOf(arguments));
  }

  private void enter() throws RuleException {
    depth++;
    if (depth > DEPTH) {
      throw RuleException.sql("nested more than " + DEPTH + " levels deep");
    }
  }
}
