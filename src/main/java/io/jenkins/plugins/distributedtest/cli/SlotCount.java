package io.jenkins.plugins.distributedtest.cli;

import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The number that may follow {@code --local}: what is no number is a file to run. Without one the option's value is empty.
 */
final class SlotCount implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
        boolean number = !arguments.isEmpty() && arguments.peek().matches("-?[0-9]+");
        option.setValue(number ? arguments.pop() : "");
    }
}
