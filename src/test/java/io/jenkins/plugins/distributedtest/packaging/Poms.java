package io.jenkins.plugins.distributedtest.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * The two poms, as they are written.
 *
 * @param here the default build
 * @param jenkins the build against the real Jenkins
 */
record Poms(Pom here, Pom jenkins) {
    static Poms read() throws IOException {
        return new Poms(Pom.read(Path.of("pom.xml")), Pom.read(Path.of("pom-jenkins.xml")));
    }

    /** A dependency, its version without variables, and empty where the parent says it. */
    record Dependency(String group, String artifact, String version, String scope, boolean optional) {
        boolean isPlugin() {
            return group.startsWith("org.jenkins-ci")
                    || group.equals("org.jenkinsci.plugins")
                    || group.equals("io.jenkins")
                    || group.equals("io.jenkins.plugins");
        }
    }

    /** One of them. */
    record Pom(Element project) {
        static Pom read(Path file) throws IOException {
            try (var in = Files.newInputStream(file)) {
                return new Pom(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(in)
                        .getDocumentElement());
            } catch (ParserConfigurationException | SAXException e) {
                throw new IOException(file + ": " + e.getMessage(), e);
            }
        }

        /** The text of an element below the project, variables replaced; null if there is none. */
        String text(String name) {
            Element child = child(project, name);
            return child == null ? null : replaced(child.getTextContent().strip());
        }

        Map<String, String> properties() {
            Map<String, String> properties = new LinkedHashMap<>();
            for (Element each : children(child(project, "properties"))) {
                properties.put(each.getTagName(), each.getTextContent().strip());
            }
            return properties;
        }

        List<Dependency> dependencies() {
            List<Dependency> dependencies = new ArrayList<>();
            for (Element each : children(child(project, "dependencies"))) {
                dependencies.add(new Dependency(
                        value(each, "groupId"),
                        value(each, "artifactId"),
                        value(each, "version"),
                        child(each, "scope") == null ? "compile" : value(each, "scope"),
                        child(each, "optional") != null));
            }
            return dependencies;
        }

        /** The plugins that it needs, as a manifest has them. */
        List<String> pluginDependencies() {
            return dependencies().stream()
                    .filter(each -> each.isPlugin() && each.scope().equals("compile"))
                    .map(each ->
                            each.artifact() + ":" + each.version() + (each.optional() ? ";resolution:=optional" : ""))
                    .toList();
        }

        private String value(Element parent, String name) {
            return child(parent, name) == null
                    ? ""
                    : replaced(child(parent, name).getTextContent().strip());
        }

        String replaced(String text) {
            Matcher matcher = Pattern.compile("\\$\\{([^}]+)}").matcher(text);
            return matcher.replaceAll(each -> Matcher.quoteReplacement(
                    properties().containsKey(each.group(1))
                            ? replaced(properties().get(each.group(1)))
                            : each.group()));
        }
    }

    private static Element child(Element parent, String name) {
        return children(parent).stream()
                .filter(each -> each.getTagName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }
}
