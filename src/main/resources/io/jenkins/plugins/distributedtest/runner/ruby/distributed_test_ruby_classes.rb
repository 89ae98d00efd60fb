# frozen_string_literal: true

module DistributedTest
  # Which test classes a file touches.
  module RubyClasses
    module_function

    # The subclasses of a class that are opened (made or reopened by `class`) while the block runs.
    def reopened(base)
      opened = []
      trace = TracePoint.new(:class) { |point| opened << point.self }
      trace.enable { yield }
      opened.uniq.select { |each| each.is_a?(Class) && each < base }
    end

    # Whether a class is written in the file, or one of its methods is.
    def of_file?(klass, methods, path)
      return true if methods.any? { |name| defined_in?(klass, name, path) }

      klass.name && Object.respond_to?(:const_source_location) &&
        Object.const_source_location(klass.name).to_a[0] == path
    end

    # Whether a method of instances of the class is written in the file.
    def defined_in?(klass, name, path)
      klass.instance_method(name).source_location.to_a[0] == path
    rescue NameError
      false
    end
  end
end
