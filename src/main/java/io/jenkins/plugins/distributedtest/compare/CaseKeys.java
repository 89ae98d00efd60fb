package io.jenkins.plugins.distributedtest.compare;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * By which names cases of the two sides are the same, by runner.
 *
 * <p>Each runner has keys from strict to wide; what one key leaves over is tried with the next. Most frameworks' reports
 * name cases as the runners do. RSpec's has one text for groups and example. Surefire and Gradle name an invocation of a
 * parameterized test {@code method(Type)[1]} where JUnit itself has a display name of its own; where names give nothing away,
 * cases of one class, or of one and those that are nested in it, with one outcome count as the same, and are told of
 * as named differently.
 */
final class CaseKeys {
    /** Longer names are cut by the runners. */
    private static final int LONGEST = 1900;

    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern UNFIT_FOR_XML =
            Pattern.compile("[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");
    /** A pair is one character to a pattern. Half of one has no form in UTF-8, so runners tell of it as U+FFFD. */
    private static final Pattern HALF_A_PAIR = Pattern.compile("[\\x{D800}-\\x{DFFF}]");

    /**
     * Where an object is, as Ruby and Python print it; what a class that prints itself puts there, such as its short
     * {@code object_id}; or what is left of that where RSpec cuts the text in the middle.
     */
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]{10,16}|(?<=#<[\\w:]{1,200}:)0x[0-9a-f]{1,16}"
            + "|(?:0x[0-9a-f]{0,15})?\\.\\.\\.[0-9a-f]{0,15}");

    private static final Pattern PARAMETERS = Pattern.compile("[({].*?[)}]");
    private static final Pattern INVOCATION = Pattern.compile("^(.*?)\\s*\\[(\\d+)].*$", Pattern.DOTALL);

    private CaseKeys() {}

    /**
     * A way to tell that two cases are the same.
     *
     * @param of the key; cases with equal keys are the same
     * @param renamed whether such cases have different names for people
     */
    record Way(Function<ComparedCase, String> of, boolean renamed) {}

    /** The ways of a runner, the strictest first. */
    static List<Way> of(String runner) {
        Way exact = new Way(each -> written(each.group()) + "\0" + written(each.name()), false);
        Way joined = new Way(each -> joined(each.group() + each.name()), false);
        Way named = new Way(each -> written(each.name()), true);
        Way method = new Way(each -> each.group() + "\0" + method(each.name()), false);
        Way inClass = new Way(each -> each.group() + "\0" + each.outcome(), true);
        Way inOuterClass = new Way(each -> outer(each.group()) + "\0" + each.outcome(), true);
        Way elsewhere = new Way(
                each -> ADDRESS.matcher(joined(each.group() + each.name())).replaceAll("0x"), true);
        return switch (runner) {
            case "rspec" -> List.of(joined, elsewhere);
            case "minitest", "test-unit", "pytest" -> List.of(exact, elsewhere);
            case "junit" -> List.of(exact, method, inClass, inOuterClass);
            case "unittest" -> List.of(exact, named);
            case "django" -> List.of(exact, named, elsewhere);
            case ComparedCase.ANY -> List.of(exact, method, joined, named, inClass);
            default -> List.of(exact);
        };
    }

    /** The name of a case without the part that may tell where its file is. */
    static String withoutModule(ComparedCase each) {
        return each.runner().equals("rspec") ? joined(each.group() + each.name()) : written(each.name());
    }

    /** As it is in XML, where some characters cannot be; and no longer than runners keep it. */
    private static String written(String text) {
        String fit = UNFIT_FOR_XML
                .matcher(HALF_A_PAIR.matcher(text).replaceAll("\uFFFD"))
                .replaceAll(match -> String.format("#x%02X", match.group().codePointAt(0)));
        return fit.length() <= LONGEST ? fit : fit.substring(0, LONGEST / 2);
    }

    private static String outer(String group) {
        return group.contains("$") ? group.substring(0, group.indexOf('$')) : group;
    }

    private static String joined(String text) {
        return SPACE.matcher(text).replaceAll("");
    }

    /** The method, and the number of the invocation if there is one. */
    private static String method(String name) {
        String plain = PARAMETERS.matcher(name).replaceFirst("");
        var invocation = INVOCATION.matcher(plain);
        return invocation.matches() ? invocation.group(1) + "[" + invocation.group(2) + "]" : plain;
    }
}
