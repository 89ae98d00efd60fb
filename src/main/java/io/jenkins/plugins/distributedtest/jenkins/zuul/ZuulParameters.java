package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.model.Job;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.SimpleParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.TextParameterValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns Zuul's parameters into a build's. All of them reach the build, declared by the job or not: they are declared
 * safe, since Jenkins drops parameters that are neither declared nor safe (SECURITY-170). One that the job declares has
 * the declared type, so that a pipeline's {@code params} has a truth value where one is expected; declared ones that
 * Zuul does not send have their defaults.
 */
final class ZuulParameters {
    private static final Logger LOG = LoggerFactory.getLogger(ZuulParameters.class);

    private ZuulParameters() {}

    static ParametersAction of(Job<?, ?> job, Map<String, String> sent) {
        Map<String, ParameterValue> values = new LinkedHashMap<>();
        Map<String, ParameterDefinition> declared = declared(job);
        sent.forEach((name, value) -> {
            if (isPossible(name)) {
                values.put(name, value(declared.get(name), name, clean(value)));
            }
        });
        declared.forEach((name, definition) -> {
            if (!values.containsKey(name)) {
                ParameterValue value = definition.getDefaultParameterValue();
                if (value != null) {
                    values.put(name, value);
                }
            }
        });
        List<String> safe = new ArrayList<>(sent.keySet());
        return new ParametersAction(new ArrayList<>(values.values()), safe);
    }

    private static Map<String, ParameterDefinition> declared(Job<?, ?> job) {
        Map<String, ParameterDefinition> declared = new LinkedHashMap<>();
        ParametersDefinitionProperty property = job.getProperty(ParametersDefinitionProperty.class);
        if (property != null) {
            property.getParameterDefinitions().forEach(each -> declared.put(each.getName(), each));
        }
        return declared;
    }

    /** No process can be started with other names or with zero bytes. */
    static boolean isPossible(String name) {
        return !name.isEmpty() && name.indexOf('=') < 0 && name.indexOf('\0') < 0;
    }

    static String clean(String value) {
        return value.replace("\0", "");
    }

    private static ParameterValue value(ParameterDefinition definition, String name, String value) {
        if (definition instanceof SimpleParameterDefinition simple) {
            try {
                return simple.createValue(value);
            } catch (IllegalArgumentException e) {
                LOG.warn(
                        "Zuul's value of the parameter {} does not fit the job's declaration; it is passed on as text: {}",
                        name,
                        e.getMessage());
            }
        }
        return value.indexOf('\n') < 0 ? new StringParameterValue(name, value) : new TextParameterValue(name, value);
    }
}
